"""The names that trackers and spreadsheets give to the columns of our fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.imports import jira_names, redmine_names

# An expression for what columns of planned days are called, as `plain_name` makes it; also within compounds, but not
# within words such as "terminé", "à prendre" or "vervallen", which tell what happens.
_PLAN_WORDS = (
    r"\bdue|due\b|deadline|dead line|target|promise|promis\b|wanted|needed by|\bby$|\bsla\b|commitment"
    r"|plan(?:ned)? (?:start|begin|end|finish|date|for)|planned completion|scheduled (?:for|start|end|finish)"
    r"|fällig|faellig|frist|ziel|soll(?!ic)|termin(?![éeaoiu])|termín|wunsch|\bbis$|plan(?:ende|start|beginn|datum)"
    r"|échéance|echéance|echeance|\brendre|\blivrer|date limite|límite|limite|butoir|prévu"
    r"|vencim|\bvence\b|prazo|plazo|compromiso|compromisso|previst|objetivo|scaden|verval(?!len)|streefd|doeldatum"
    r"|förfall|forfald|oczekiwan|срок|期限|期日|截止|预计|기한|마감"
)
# Beside a word for a beginning or an end they say that the day is planned; alone, as in "Planned", they may be a stage.
PLANNED = (
    r"\b(?:plan|planned|baseline|forecast\w*|est|estimated|expected|projected|scheduled|anticipated|target|geplant\w*"
    r"|soll|prognose|voraussichtlich\w*|prévue?s?|planifiée?s?|estimée?s?|planificad[oa]s?|previst[oaie]s?|estimad[oa]s?"
    r"|planejad[oa]s?|planead[oa]s?|pianificat[oaie]|stimat[oaie]|gepland\w*|verwacht\w*|planowan\w*|przewidywan\w*"
    r"|plánovan\w*|očekávan\w*|planera[dt]\w*|beräkna\w*|förvänta\w*|planlagt\w*|forvent\w*|suunnitel\w*|arvioitu"
    r"|tervezett|várható|planlanan|tahmini|beklenen|планов\w*|планир\w*|запланирован\w*|план|ожидаем\w*|прогноз\w*)\b"
)
OF_AN_END = (
    r"(?:\b(?:start\w*|begin\w*|end|finish\w*|completion|complete|completed|done|closed?|closing|closure|fix|fixed|delivery"
    r"|release|resolution|go live|beginn|anfang|ende|abschluss|fertig\w*|erledigt|début|fin|livraison|clôture|inicio"
    r"|início|término|termino|entrega|cierre|conclusão|finalización|inizio|fine|consegna|chiusura|begindatum|einddatum"
    r"|einde|oplevering|rozpoczęci\w*|koniec|zakończeni\w*|ukończeni\w*|začátek|zahájení|konec|dokončení|slut\w*|klart?"
    r"|färdig\w*|leverans\w*|ferdig\w*|færdig\w*|levering\w*|alku|alkaa|loppu|valmis\w*|kezdet\w*|kezdés|vége"
    r"|befejezés|bitiş|başlangıç|başlama|tamamlanma|начал\w*|окончани\w*|завершени\w*|конец|старт|сдач\w*)\b"
    r"|開始|終了|完了|完成|开始|结束|結束|시작|종료|완료)"
)
# A plan of work that is "complete" or "done" is a stage.
_PLAN_DONE = r"(?!plan (?:is )?(?:complete|completed|done|closed|fixed|erledigt|fertig\w*)$)"
SIGNS_PLANNED, _SIGNS_END = (
    r"(?:計画|计划|計劃|预计|預計|予定|계획|예정|예상)",
    r"(?:開始|終了|完了|完成|开始|结束|結束|시작|종료|완료)",
)
_PLAN_WORDS += (
    rf"|^{_PLAN_DONE}(?:.*{PLANNED}.*{OF_AN_END}|.*{OF_AN_END}.*{PLANNED})|\beta\b"
    rf"|{SIGNS_PLANNED}.{{0,2}}{_SIGNS_END}|{_SIGNS_END}.{{0,2}}{SIGNS_PLANNED}"
)
# What somebody promised, where nothing but it stands between creation and finish; among more columns it may be a stage.
PROMISED = re.compile(
    r"\bgo ?live|livegang|inbetriebnahme|mise en (?:production|service)|puesta en|entrada em produção|messa in"
    r"|compromet|compromiss|zugesagt|zusage|versproch|vereinbart|promet|promess|engag[eé]|convenu|acordad|concordat"
    r"|impegn|toegezegd|belofte|beloofd|afgesproken|obiecan|zobowiąz|uzgodnion|přislíb|slíben|dohodnut|sľúben|utlova"
    r"|lova[dt]|lovet|överenskom|aftalt|avtalt"
    r"|luvattu|sovittu|ígért|megállapod|taahhüt|söz veri|обещ|обязат|согласован|обіцян"
    r"|cam kết|promised|agreed|約束|確約|コミット|承诺|承諾|约定|上线|上線|약속|확약"
)
# What happened, where a plan stands beside it.
ACTUAL_STARTS = (
    "actual begin", "actual started", "actual start time", "start actual", "istanfang", "ist anfang", "ist start",
    "ist beginn", "start ist", "beginn ist", "tatsächlicher start", "tatsächlicher beginn", "tatsächlicher anfang",
    "start tatsächlich", "beginn tatsächlich", "anfang tatsächlich", "début réel", "date de début réelle",
    "inicio real", "comienzo real", "fecha inicio real", "fecha de inicio real", "início real", "data de início real",
    "inizio effettivo", "inizio reale", "data di inizio effettiva", "werkelijke start", "werkelijke begindatum",
    "werkelijk begin", "rzeczywisty start", "rzeczywiste rozpoczęcie", "rozpoczęcie rzeczywiste", "skutečný začátek",
    "skutečné zahájení", "faktisk start", "verklig start", "faktisk begyndelse", "todellinen alku", "tényleges kezdés",
    "tényleges kezdet", "gerçek başlangıç", "fiili başlangıç", "фактическое начало", "начало факт", "实际开始",
    "实际开始时间", "實際開始", "実績開始日", "実際の開始日", "실제 시작일", "실제 시작 날짜",
)  # fmt: skip
ACTUAL_FINISHES = (
    "actual completion", "actual completion date", "actual finish date", "finish actual", "end actual", "istende",
    "ist ende", "ende ist", "tatsächliches ende", "ende tatsächlich", "tatsächliche fertigstellung", "fin réelle",
    "date de fin réelle", "fin real", "fecha fin real", "fecha de fin real", "término real", "data de término real",
    "fine effettiva", "fine reale", "data di fine effettiva", "werkelijk einde", "werkelijke einddatum",
    "rzeczywisty koniec", "rzeczywiste zakończenie", "zakończenie rzeczywiste", "skutečný konec", "skutečné dokončení",
    "faktiskt slut", "verkligt slut", "faktisk slut", "faktisk slutt", "todellinen loppu", "tényleges befejezés",
    "gerçek bitiş", "fiili bitiş", "фактическое окончание", "фактическое завершение", "окончание факт", "实际完成",
    "实际完成时间", "实际结束", "實際完成", "実績終了日", "実際の終了日", "실제 종료일", "실제 완료 날짜",
)  # fmt: skip
# Beside a status these may say why an item ended, and mean many other things.
OUTCOMES = (
    "outcome", "result", "substatus", "sub status", "end reason", "ended because", "verdict", "ergebnis",
    "unterstatus", "resultat", "résultat", "resultado", "risultato", "esito", "resultaat", "wynik", "rezultat",
    "výsledek", "výsledok", "utfall", "udfald", "utfald", "lopputulos", "tulos", "eredmény", "sonuç", "результат",
    "исход", "итог", "причина", "причина закрытия", "důvod", "powód", "reden", "orsak", "årsag", "årsak", "syy",
    "ok a lezárásra", "neden", "kapatma nedeni", "lý do", "kết quả", "αποτέλεσμα", "結果", "理由", "完了結果",
    "终止原因", "結果狀態", "结果", "原因", "关闭原因", "결과", "사유", "종료 사유", "schlussgrund", "razón",
    "razón de cierre", "razão", "ragione", "motivo chiusura", "motivo di chiusura", "motif de fin", "raison",
    "sous statut", "subestado", "sottostato", "podstatus", "подстатус", "субстатус",
)  # fmt: skip
# Such cells are of tests, which come out this way or that.
VERDICTS = frozenset((
    "pass", "passed", "passing", "ok", "success", "successful", "bestanden", "erfolgreich", "réussi", "succès",
    "superado", "exitoso", "aprobado", "superato", "aprovado", "geslaagd", "zaliczony", "godkänd", "godkendt",
    "godkjent", "успешно", "пройден", "合格", "成功", "通过", "성공", "합격",
))  # fmt: skip
# Redmine's names that nothing else is called by.
_REDMINE = ("summary", "status", "created", "updated", "parent", "priority", "assignee", "percent")
_DONE = ("completed", "done", "closed", "finished", "resolved", "delivered")
_THINGS = ("stories", "user stories", "tickets", "issues", "tasks", "cards")
# After all other names: beside these they tell a part of what was done, or the same once more.
_OF_THINGS_DONE = (
    *(f"{thing} {done}" for done in _DONE for thing in _THINGS),
    *(f"{done} {thing}" for done in _DONE for thing in _THINGS),
    "erledigte tickets", "erledigte stories", "tickets erledigt", "stories erledigt", "aufgaben erledigt",
    "anzahl erledigt", "abgeschlossene tickets", "abgeschlossene stories", "tickets terminés", "tâches terminées",
    "tickets cerrados", "tareas terminadas", "tareas completadas", "historias completadas", "tarefas concluídas",
)  # fmt: skip
_OF_POINTS_DONE = (
    *(f"{points} {done}" for done in _DONE for points in ("story points", "points", "sp")),
    *(f"{done} {points}" for done in _DONE for points in ("story points", "sp")),
    "erledigte story points", "story points erledigt", "punkte erledigt", "abgeschlossene story points",
    "puntos terminados", "sp",
)  # fmt: skip
# Our field -> the names it goes by, compared as `plain_name` makes them, the surest first.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "key": ("issue key", "work item key", "key", "vorgangsschlüssel", "clé de ticket", "clé du ticket",
            "clé de demande", "clé de la demande", "clave de incidencia", "clave de la incidencia", "schlüssel", "clé",
            "clave", "chave da item", "chave do item", "chave da incidência", "chave da pendência", "chave",
            "klucz zgłoszenia", "klucz", "chiave ticket", "chiave segnalazione", "chiave", "issuesleutel", "sleutel",
            "ключ задачи", "ключ запроса", "ключ проблемы", "ключ", "課題キー", "キー", "问题关键字", "关键字",
            "이슈 키", "talep anahtarı", "ärendenyckel", "klíč", "kľúč", "ключ проблеми",
            # Jira has these beside its keys.
            "id", "identifier", "work item id", "item id", "task id", "ticket id", "ticket", "ticket#", "ticketnumber",
            "ticket number", "ticketnummer", "ticket no", "ticket nr", "card id", "issue id",
            "bug id", "aufgaben id", "iid", "issue number", "issue no", "issue #", "case id", "case number", "case no",
            "ticket num", "number", "nummer", "nr", "no", "#", "external id", "story id", "ref",
            "task custom id", "eintrags id", "klíč požadavku", "sorun anahtarı",
            "bug编号", "任务编号", "需求编号", "编号", "編號", "番号", "번호", "№", "n°", "nº", "č", "nro", "código",
            "mã", "mã số", "azonosító",
            "identifiant", "identificador", "identificativo", "identyfikator"),
    "source_id": ("issue id", "vorgangs id", "id de ticket", "id du ticket", "identifiant de ticket",
                  "identifiant du ticket", "identifiant de demande", "id de incidencia", "id de la incidencia",
                  "node id", "id da item", "id do item", "id zgłoszenia", "id ticket", "id задачи", "課題 id",
                  "问题 id"),
    "summary": ("summary", "title", "name", "subject", "zusammenfassung", "titel", "résumé", "resumen", "task name",
                "card name", "item", "task", "story", "description", "resumo", "podsumowanie", "riepilogo",
                "samenvatting", "тема", "сводка", "название", "要約", "概要", "摘要", "요약", "özet",
                "sammanfattning", "shrnutí", "yhteenveto", "sammendrag", "oppsummering", "vorgangsname", "vorgang",
                "aufgabe", "aufgabenname", "thema", "bezeichnung", "tâche", "tarea", "nombre", "nom", "nome",
                "work item",
                "user story", "sujet", "asunto", "assunto", "oggetto", "onderwerp", "temat", "ämne", "件名", "名前",
                "bug标题", "タスク", "作業", "작업", "任务", "任務", "công việc", "tên", "tên công việc", "feladat",
                "görev",
                "uppgift", "opgave", "oppgave", "tehtävä", "zadanie", "úkol", "úloha", "tarefa", "attività", "taak",
                "задача", "завдання", "εργασία", "sarcină",
                "任务名称", "需求名称", "标题", "標題", "short description", "short desc",
                "名称", "主题", "제목", "이름", "titre", "intitulé", "libellé", "titolo", "tytuł", "nazwa", "název",
                "otsikko", "заголовок", "наименование", "başlık", "navn", "namn", "nimi", "naam", "emne", "タイトル",
                "课题标题", "título", "titulo", "to do", "to do name", "todo", "content", "card",
                "backlog item", "product backlog item", "deliverable", "requirement", "use case", "arbeitspaket",
                "anforderung", "maßnahme", "massnahme", "kurzbeschreibung", "omschrijving", "descripción", "タスク名"),
    "type": ("issue type", "issuetype", "issuetype name", "work item type", "type", "vorgangstyp", "type de ticket",
             "type de demande", "tipo de incidencia", "tipo de la incidencia", "item type", "tracker", "kind",
             "tipo de item", "tipo do item", "tipo de pendência", "typ zgłoszenia", "tipo ticket", "tipo di ticket",
             "tipo segnalazione", "issuetype naam", "тип задачи", "тип запроса", "課題タイプ", "问题类型",
             "이슈 유형", "talep türü", "typ", "tipo", "task type", "story type", "vorgangsart", "work type",
             "тип проблемы"),
    "status": ("status", "state", "status name", "bug status", "state detail", "status detail",
               "stage", "column", "list", "list name", "état", "statut", "estado",
               "stato", "situação", "situación", "статус", "состояние", "ステータス", "状态", "상태", "durum",
               "stav", "tila", "bug状态", "任务状态", "当前状态",
               "current state", "workflow state", "section", "zustand", "bearbeitungsstand", "column name",
               "board column", "current status", "actual status", "latest status", "present status",
               "status now", "aktueller status", "jetziger status", "statut actuel",
               "état actuel", "estado actual", "estado atual", "status atual",
               "stato attuale", "huidige status", "aktualny status", "obecny status",
               "nuvarande status", "nåværende status", "nuværende status", "aktuální stav",
               "текущий статус", "現在のステータス", "现状态", "현재 상태", "状態", "状況", "進捗状況", "狀態",
               "진행 상태", "stan", "estatus", "állapot", "stare", "trạng thái", "tình trạng", "κατάσταση", "стан"),
    "category": ("status category", "statuskategorie", "catégorie d'état", "catégorie de statut",
                 "catégorie d’état", "categoría de estado", "state category", "categoria do status",
                 "categoria de status", "kategoria statusu", "categoria di stato", "categoria stato",
                 "statuscategorie", "категория статуса", "ステータス カテゴリー", "ステータスカテゴリー",
                 "ステータス カテゴリ", "状态类别", "상태 범주", "상태 카테고리", "durum kategorisi",
                 "kategorie stavu", "statuskategori"),
    "category_changed": ("status category changed", "statuskategorie geändert", "catégorie d'état modifiée",
                         "catégorie de statut modifiée", "categoría de estado modificada",
                         "categoría de estado cambiada", "categoria do status alterada",
                         "categoria de status alterada", "kategoria statusu zmieniona",
                         "categoria di stato modificata", "statuscategorie gewijzigd", "категория статуса изменена"),
    "created": ("created", "opendate", "created date", "created at", "created on", "create date", "creation date",
                "date created", "created time", "erstellt", "erstellt am", "création", "créé", "créée",
                "date de création", "creada", "creado", "creación", "fecha de creación", "opened", "opened at",
                "opened on", "opened date", "open date", "date opened", "added", "added on", "entered", "submitted",
                "reported", "criado", "criada", "data de criação", "utworzono", "utworzone", "data utworzenia",
                "creato", "creata", "data creazione", "data di creazione", "gemaakt", "aangemaakt", "aanmaakdatum",
                "создано", "создана", "дата создания", "作成日", "作成日時", "创建日期", "已创建", "创建时间",
                "생성일", "만듦", "oluşturuldu", "oluşturulma", "skapad", "skapat", "oprettet", "opprettet",
                "luotu", "vytvořeno", "vytvorené", "створено", "angelegt", "angelegt am", "erfasst", "erfasst am",
                "eröffnet", "eröffnet am", "erstellungsdatum", "gemeldet", "gemeldet am", "meldungsdatum",
                "submission", "raised", "logged",
                "filed", "registered", "creation log", "eingang", "eingegangen", "requested", "created timestamp",
                "creation time", "inserted at", "record created", "create time", "data di apertura",
                "fecha creación", "created datetime", "créé le", "créée le", "creado el", "creada el", "criado em",
                "criada em", "creato il", "creata il", "aangemaakt op", "生成日", "登録日", "建立日期", "建立時間",
                "생성 일시", "생성 시간", "작성일", "登録日時", "起票日", "등록일", "fecha de alta",
                "fecha de apertura",
                "data de abertura", "aberto em", "aperto il", "aperta il", "date d'ouverture", "ouvert le",
                "data zgłoszenia", "data otwarcia", "data dodania", "založeno", "ngày tạo", "létrehozva",
                "létrehozás dátuma", "δημιουργήθηκε", "creat", "creat la", "создан", "дата регистрации",
                "date de soumission", "sys created on", "date d’ouverture",
                "date de saisie", "fecha de registro", "data de registro",
                "datum podání"),
    "started": ("started", "started at", "started on", "started date", "start", "start date", "start time",
                "date started", "in progress", "activated date", "in progress date", "begonnen", "beginn", "begin",
                "commenced", "work started", "actual start", "actual start date", "start of work", "begonnen am",
                "gestartet", "gestartet am", "angefangen", "angefangen am", "in arbeit seit", "démarré",
                "démarré le", "commencé", "commencé le", "iniciado", "iniciado el", "iniciado em", "avviato",
                "gestart", "rozpoczęto", "påbörjad", "zahájeno", "started timestamp", "iniciada", "startdatum",
                "first start time", "first start", "first start at", "first start date", "first started",
                "first started at",
                "begindatum", "rozpoczęcie", "zahájení", "начало", "başlangıç",
                "fecha de inicio", "date de début", "data di inizio", "data de início"),
    "resolved": ("resolved", "cf last resolved",
                 "resolution date", "resolutiondate", "resolved date", "resolved at", "resolved on",
                 "erledigt", "gelöst", "résolu", "résolue", "date de résolution", "resuelta", "resuelto",
                 "fecha de resolución", "finished", "finished date", "finish date", "finished at", "finished on",
                 "finish", "closed", "closed date", "closed at", "closed on", "date closed", "close date",
                 "completed", "completed date", "completed at", "completed on", "completion date", "date completed",
                 "complete date", "done", "done date", "done at", "done on", "date done", "end", "end date",
                 "ended", "ended at", "delivered", "released", "abgeschlossen", "fertig", "resolvido", "resolvida",
                 "data de resolução", "rozwiązane", "rozwiązano", "data rozwiązania", "risolto", "risolta",
                 "data di risoluzione", "data risoluzione", "opgelost", "решено", "решен", "решена", "дата решения",
                 "解決日", "解決済み", "解决日期", "已解决", "해결일", "해결됨", "çözüldü", "löst", "løst",
                 "ratkaistu", "vyřešeno", "vyriešené", "вирішено", "fertig am", "fertiggestellt",
                 "fertiggestellt am", "abgeschlossen am", "abschlussdatum",
                 "erledigt am", "beendet", "beendet am", "geschlossen",
                 "geschlossen am", "ende", "enddatum", "terminé", "terminé le", "fini", "fini le", "fermé",
                 "fermé le", "cloturé", "clôturé", "date de fin", "cerrado", "cerrado el", "cerrada", "finalizado",
                 "finalizado el", "fecha de cierre", "fecha de fin", "terminado", "concluído", "concluído em",
                 "finalizado em", "encerrado", "chiuso", "chiuso il", "completato", "completato il", "gesloten",
                 "afgerond", "zamknięto", "zakończono", "klar", "avslutad", "dokončeno", "actual end",
                 "actual end date", "actual finish", "finished time", "completed timestamp", "resolved timestamp",
                 "solved", "solved at", "solved on", "date solved", "solved date",
                 "accepted at", "accepted", "completed time", "last completed", "finish time", "closed time",
                 "deployed", "deployed at", "last resolved",
                 "cf last resolved", "last end time", "last end", "last end at", "last end date",
                 "shipped", "shipped at", "released at", "merged at", "closed timestamp",
                 "done timestamp", "完了日", "完了日時", "完成日期", "完成时间", "完成時間",
                 "완료일", "완료 날짜", "완료 일시", "einddatum",
                 "zakończenie", "slut", "dokončení", "окончание", "bitiş", "fecha fin", "fecha de finalización",
                 "finalización", "fechado em", "data de conclusão", "data de fechamento", "concluída em",
                 "date de clôture", "clôturé le", "date de fermeture", "data zakończenia", "data ukończenia",
                 "ukończono", "vyřízeno", "afsluttet", "færdig", "avsluttet", "ferdig", "färdig", "valmis",
                 "valmistunut", "завершена", "завершено", "завершён", "завершен", "дата завершения", "закрыта",
                 "закрыто",
                 "выполнено", "дата закрытия", "tamamlanma", "tamamlanma tarihi", "tamamlandı", "bitiş tarihi",
                 "ngày hoàn thành", "hoàn thành", "befejezve", "befejezés dátuma", "lezárva", "ολοκληρώθηκε",
                 "finalizat", "finalizat la", "afgerond op", "gesloten op", "chiusa il", "completata il",
                 "data chiusura", "data di chiusura", "完了", "終了日", "解決日時", "完成日", "완료", "종료일"),
    "updated": ("updated", "updated at", "mod date", "changeddate", "sys updated on",
                "updated date", "updated on", "last updated", "last modified",
                "changed date", "modified", "changed", "last changed", "changetime", "change time", "date modified",
                "date changed", "last change", "aktualisiert", "mise à jour", "mis à jour", "date de mise à jour",
                "actualizada", "actualizado", "fecha de actualización", "atualizado", "atualizada",
                "data de atualização", "zaktualizowano", "zaktualizowane", "aggiornato", "aggiornata",
                "data aggiornamento", "bijgewerkt", "обновлено", "обновлена", "дата обновления", "更新日",
                "更新日時", "更新日期", "已更新", "업데이트됨", "업데이트", "güncellendi", "uppdaterad",
                "opdateret", "oppdatert", "päivitetty", "aktualizováno", "aktualizované", "оновлено", "geändert",
                "geändert am", "last edited time", "modified at", "modified on", "modified date", "last updated at",
                "last update", "last activity date", "last activity", "mis à jour le", "mise à jour le", "modifié le",
                "modifiée le", "dernière modification", "actualizado el", "modificado el", "última edición",
                "atualizado em", "última modificação", "aggiornato il", "modificato il", "ultima modifica",
                "bijgewerkt op", "zuletzt bearbeitet", "zuletzt geändert", "senast ändrad", "最終更新日時", "最終更新",
                "上次编辑时间", "上次編輯時間", "최종 편집 일시", "최근 편집"),
    "points": ("story points", "story point estimate", "points", "story point", "storypoints", "estimate", "effort",
               "size", "estimation", "weight", "schätzung", "story point schätzung", "estimation des story points",
               "estimación de story points", "puntos de historia", "estimativa de pontos de história",
               "story points estimate", "pontos de história", "punkty", "szacowane punkty historii", "punti storia",
               "punti", "puntos", "ストーリーポイント", "故事点", "스토리 포인트", "poäng", "grösse", "groesse",
               "total points", "estimate story points", "estimated points", "points d'histoire",
               "story poängen", "estimate pts", "plan estimate", "aufwand", "complexity",
               "story punkte", "storypunkte", "punkte", "story pts", "pts", "sp", "punktzahl", "geschätzte punkte",
               "schätzwert", "komplexität", "point", "points estimate", "estimate points", "estimated story points",
               "story points est", "story points est.", "story points estimés", "original story points",
               "story points original", "σ story points", "sum of story points", "story points summe",
               "effort points", "complexity points", "card points", "sprint points", "story size", "planning poker",
               "points de récit", "points de story", "estimación", "puntos estimados", "pontos", "estimativa",
               "stima", "stimati", "story pointy", "punkty historii", "body příběhu", "storypunten", "punten",
               "inschatting", "poeng", "story poeng", "historiepoeng", "point d'effort", "pisteet", "tarinapisteet",
               "puan", "hikaye puanı", "очки", "стори поинты", "сторипоинты", "story поинты", "сложность",
               "body", "баллы", "điểm", "pont", "pontszám", "puncte", "πόντοι",
               "ストーリー ポイント", "ポイント", "見積ポイント", "スプリントポイント", "故事点数", "点数", "포인트",
               "스토리포인트"),
    "project": ("project key", "projektschlüssel", "clé de projet", "clé du projet", "clave del proyecto",
                "clave de proyecto", "project", "project name", "projekt", "projektname", "projet", "nom du projet",
                "proyecto", "nombre del proyecto", "team project", "team", "chave do projeto", "nome do projeto",
                "projeto", "klucz projektu", "nazwa projektu", "chiave progetto", "nome progetto", "progetto",
                "projectsleutel", "ключ проекта", "название проекта", "プロジェクト キー", "プロジェクト",
                "项目关键字", "项目名称", "proje", "space name", "board name"),
    "priority": ("priority", "priorität", "priorité", "prioridad", "severity", "prioridade", "priorytet",
                 "priorità", "prioriteit", "приоритет", "優先度", "优先级", "우선순위", "öncelik", "prioritet",
                 "prioritní"),
    "resolution": ("resolution", "lösung", "résolution", "resolución", "state reason", "resolved reason",
                   "close reason", "closed reason", "closing reason", "closure reason", "schließungsgrund",
                   "motif de clôture", "motif de fermeture", "motivo de cierre", "motivo do fechamento", "reason",
                   "closed as", "close code", "closure code", "closing code", "disposition", "abschlussgrund", "grund",
                   "motif", "motivo",
                   "resolução", "rozwiązanie",
                   "risoluzione", "oplossing", "резолюция", "решение", "解決状況", "解决结果", "解决方案", "해결책",
                   "çözüm"),
    "parent": ("parent key", "übergeordneter schlüssel", "clé parente", "clé du parent", "clave principal",
               "parent", "übergeordnet", "übergeordneter vorgang", "principal", "parent issue", "parent link",
               "pai", "item pai", "chave do pai", "element nadrzędny", "padre", "elemento padre", "bovenliggend",
               "родитель", "родительская задача", "親", "親課題", "父级", "parent task", "parent id name",
               "parent item", "subtask of", "sub task of", "unteraufgabe von", "übergeordnete aufgabe",
               "übergeordnetes element", "übergeordnetes arbeitspaket", "übergeordneter eintrag", "tâche parente",
               "tâche parent", "élément parent", "tarea principal", "tarea padre", "tarefa pai", "attività padre"),
    "parent_id": ("parent id", "übergeordnete id", "id parent", "id du parent", "id principal"),
    "epic": ("epic link", "epic verknüpfung", "epos verknüpfung", "lien d'epic", "lien d'épopée", "enlace de épica",
             "enlace de epic", "epic key", "epic"),
    # Yes and no. A column of days of such a name is that of finishes.
    "is_done": ("is done", "is completed", "is complete", "is closed", "is finished", "is resolved", "done?",
                "finished?", "resolved?", "erledigt?", "fertig?", "abgeschlossen?", "terminé?", "✓", "✔",
                "completed?", "closed?", "done", "completed", "complete", "closed", "finished", "resolved", "checked",
                "erledigt", "fertig", "abgeschlossen", "geschlossen", "terminé", "fait", "fini", "fermé", "hecho",
                "terminado", "completado", "cerrado", "concluído", "feito", "fechado", "fatto", "completato", "chiuso",
                "klaar", "gereed", "afgerond", "gotowe", "zrobione", "hotovo", "klar", "färdig", "ferdig", "valmis",
                "готово", "выполнено", "完了", "完成", "已完成", "완료"),
    # Yes and no: put away before it was done.
    "archived": ("archived", "is archived", "deleted", "is deleted", "archived at", "archived on", "archived date",
                 "date archived", "trashed at", "archiviert", "archiviert am",
                 "archivé", "archivado", "arquivado", "gelöscht", "gelöscht am", "supprimé", "eliminado", "eliminato",
                 "verwijderd", "usunięte", "smazáno", "удалено", "削除済み", "已删除", "삭제됨",
                 "archiviato", "gearchiveerd", "zarchiwizowane", "アーカイブ", "已归档", "보관됨"),
    "percent": ("% complete", "% done", "percent complete", "percentage complete", "complete %", "% completed",
                "done ratio", "% abgeschlossen", "% erledigt", "% achevé", "% completado", "% completata",
                "pct complete", "% réalisé", "% realizado", "% completato", "% gereed", "% ukończenia", "% voltooid",
                "% färdigt", "% dokončeno", "% завершения", "% ferdig", "% færdig", "% hotovo"),
    "flagged": ("flagged", "impediment", "markiert"),
    "assignee": ("assignee", "assigned to", "zugewiesen an", "owner", "bearbeiter", "zugewiesene person", "asignado a",
                 "assigné à", "responsable",
                 "personne assignée", "attribution", "persona asignada", "assegnatario",
                 "osoba przypisana", "przypisana osoba", "toegewezen aan", "исполнитель", "担当者", "经办人",
                 "담당자", "atanan", "tilldelad", "zuständig", "verantwortlich", "resource names",
                 "ressourcennamen", "assignees", "owners", "assigned person", "responsável"),
    "url": ("url", "link", "issue url", "web url", "html url", "permalink"),
    "labels": ("labels", "label", "tags", "stichwörter", "étiquettes", "étiquette", "etiquetas", "categorias",
               "rótulos", "etykiety", "etichette", "метки", "ラベル", "标签", "레이블", "etiketter", "schlagwörter",
               "schlagworte", "multi select"),
    "components": ("component s", "components", "component", "komponenten", "komponente", "komponente n",
                   "composants", "composant", "composant s", "componentes", "componente", "componente s"),
    "fix_versions": ("fix version s", "fix versions", "fix version", "fixversions", "lösungsversionen",
                     "lösungsversion", "lösungsversion en", "versions corrigées", "version corrigée",
                     "version(s) corrigée", "versions de correction", "version de correction",
                     "versiones corregidas", "versión corregida", "versiones de corrección",
                     "versión de corrección", "release", "milestone"),
    "sprints": ("sprint", "sprints", "iteration", "iteration path", "team iteration", "sprint name",
                "iteration name", "cycle", "cycle name", "itération", "iteración",
                "iteração", "iterazione", "iteratie", "итерация", "спринт", "спринты", "スプリント", "イテレーション",
                "冲刺", "迭代", "스프린트"),
}  # fmt: skip


# Of what is done to a thing, a task or several, and the word before its day: "finalizada el".
_ENDINGS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("o", "a", "os", "as"), ("", " el", " em")),
    (("", "e", "s", "es"), ("", " le")),
    (("o", "a", "i", "e"), ("", " il")),
)
_PARTICIPLES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "created": (("cread", "criad", "abiert", "abert", "registrad"), ("créé", "ouvert", "saisi"), ("creat", "apert")),
    "started": (("iniciad", "empezad", "comenzad", "começad"), ("commencé", "démarré"), ("iniziat", "avviat")),
    "resolved": (
        ("finalizad", "terminad", "completad", "concluíd", "cerrad", "encerrad", "acabad", "fechad", "resuelt",
         "resolvid", "hech", "realizad"),
        ("terminé", "fini", "clôturé", "cloturé", "fermé", "achevé", "résolu", "accompli"),
        ("completat", "terminat", "finit", "chius", "risolt", "conclus"),
    ),
}  # fmt: skip


def _of_participles(field: str) -> list[str]:
    """In every number and gender, alone and before a day."""
    groups = zip(_PARTICIPLES.get(field, ()), _ENDINGS, strict=False)
    return [
        stem + ending + before
        for stems, (endings, words) in groups
        for stem in stems
        for ending in endings
        for before in words
    ]


def _with_more_languages(usual: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """With what Jira and Redmine call them in further languages; a name that is another field's already stays that."""
    taken_names = {name for names in usual.values() for name in names}

    def new(names: Sequence[str]) -> list[str]:
        return [name for name in names if name not in taken_names]

    more = {field: [*new(_of_participles(field)), *new(jira_names.COLUMNS.get(field, ()))] for field in usual}
    taken_names.update(name for names in more.values() for name in names)
    for field in _REDMINE:
        more[field] += dict.fromkeys(new(redmine_names.COLUMNS[field]))
    # What is surely a key goes before numbers of the row.
    return {
        field: (*more[field], *names) if field == "key" else (*names, *more[field]) for field, names in usual.items()
    }


def names_a_plan(name: str) -> bool:
    """Whether a column of that name, as `plain_name` makes it, tells planned days. Compiled when first asked."""
    return re.search(_PLAN_WORDS, name) is not None


# Names of columns of creations and finishes that may as well be another event, or a plan: they complete nothing, and
# go behind all others.
OTHER_EVENTS = frozenset(
    {
        "requested", "submission", "entered", "accepted", "accepted at", "delivered", "released",
        "released at", "deployed", "deployed at", "shipped", "shipped at", "merged at", "end", "end date",
        "ended", "ended at", "ende", "enddatum", "finish", "finish date", "finish time", "completion date",
        "complete date", "fertig am", "last completed", "last resolved", "cf last resolved", "last end time",
        "last end", "last end at", "last end date",
        "date de fin", "fecha de fin", "einddatum", "zakończenie", "slut", "dokončení", "окончание", "bitiş",
        "fecha fin", "終了日", "종료일", "bitiş tarihi", "data zakończenia", "fecha de finalización", "finalización",
    }
)  # fmt: skip
# What follows upon being done, some time later.
_LATER = ("delivered", "released", "released at", "deployed", "deployed at", "shipped", "shipped at", "accepted",
          "accepted at")  # fmt: skip


def _later_last(names: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """With the names of what follows upon a finish behind those of the finish itself, in whatever language."""
    finishes = sorted(names["resolved"], key=lambda name: name in _LATER)
    return {**names, "resolved": tuple(finishes)}


def _with_facts(names: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """With the names of what happened beside a plan, which go first: they say so."""
    starts, finishes = (*ACTUAL_STARTS, *names["started"]), (*ACTUAL_FINISHES, *names["resolved"])
    return {**names, "started": starts, "resolved": finishes}


# The day of a row that is one sprint.
SPRINT_ENDS = ("sprint end", "sprint end date", "sprint ends", "sprint ended", "iteration end", "iteration end date",
               "end date", "enddatum", "sprintende", "sprint ende", "end of sprint", "fin du sprint", "fin de sprint",
               "fin del sprint", "fim da sprint", "fine sprint")  # fmt: skip
# Of yes and no; days in columns of these names are those of finishes in some languages of trackers.
_SOLVED = (
    "solved", "gelöst", "behoben", "résolu", "résolue", "resuelto", "resuelta", "resolvido", "resolvida", "risolto",
    "risolta", "opgelost", "voltooid", "rozwiązane", "ukończone", "zakończone", "løst", "löst", "afsluttet",
    "avsluttet", "avslutad", "færdig", "ratkaistu", "vyřešeno", "dokončeno", "vyriešené", "megoldva", "kész",
    "lezárva", "çözüldü", "bitti", "tamamlandı", "решено", "завершено", "закрыто", "сделано", "вирішено", "xong",
    "hoàn thành", "đã xong", "解決済み", "解決", "終了", "済", "済み", "解决", "已解决", "해결", "해결됨",
    "terminée", "terminada", "completada", "cerrada", "concluída", "hecha", "feita", "chiusa", "completata",
    "finita", "finito", "beendet", "fertiggestellt",
)  # fmt: skip
_NAMES = _with_facts(_later_last(_with_more_languages(_USUAL)))
ISSUE_NAMES: Mapping[str, tuple[str, ...]] = {**_NAMES, "is_done": (*_NAMES["is_done"], *_SOLVED)}
WEEK_NAMES: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "week", "week start", "week starting", "week start date", "week beginning", "week commencing",
             "week of", "week ending", "week end", "week ending date", "day", "datum", "woche", "kw", "kalenderwoche",
             "calendar week", "period",
             "fecha", "data", "semaine", "semana", "settimana", "tydzień", "дата", *SPRINT_ENDS),
    "completed_items": ("completed items", "items completed", "no items", "items done", "done items",
                        "closed items", "items closed", "finished items", "items finished", "completed", "done",
                        "throughput", "closed", "finished", "resolved", "items", "erledigt",
                        "erledigte aufgaben", "erledigte vorgänge", "abgeschlossene aufgaben", "completed total",
                        "total completed", "cumulative completed", "completed cumulative", "total done",
                        "done total", "cumulative done", "fertig", "abgeschlossen", "fertiggestellt", "terminé",
             "terminés",
             "terminada", "terminadas", "hecho", "hechas", "completado", "completadas", "concluído", "concluídos",
             "fatto", "completati", "completate", "gereed", "afgerond", "gotowe", "zakończone", "hotovo", "готово",
                        *_OF_THINGS_DONE),
    "completed_points": ("completed points", "points completed", "no points", "points done", "done points",
                         "story points completed", "velocity", "points", "story points", "punkte", "erledigte punkte",
                         "abgeschlossene punkte", "fertige punkte", "puntos", "puntos completados", "points terminés",
                         "pontos", "pontos concluídos", "punti", "punti completati", "punten", "punkty",
                         *_OF_POINTS_DONE),
    "created_items": ("created items", "items created", "new items", "items added", "added items", "created",
                      "added", "new", "opened", "arrivals", "neu", "neue aufgaben", "neue vorgänge"),
    "created_points": ("created points", "points created", "new points", "points added", "added points"),
}  # fmt: skip
