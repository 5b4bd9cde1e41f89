"""What Redmine calls the columns of its list of issues and its first statuses, in its languages, as `plain_name` makes
them. From its own translations (`config/locales`, version 5.0). Only data."""

from __future__ import annotations

from collections.abc import Mapping

# Our field -> its name in each language, all in the same order of languages.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "summary": (
        "الموضوع", "mövzu", "заглавие", "subjekat", "tema", "předmět", "emne", "thema", "θέμα", "subject", "asunto",
        "teema", "gaia", "موضوع", "aihe", "sujet", "tema", "שם נושא", "predmet", "tárgy", "perihal", "oggetto", "題名",
        "제목", "tema", "temats", "наслов", "гарчиг", "onderwerp", "emne", "temat", "título", "assunto", "subiect",
        "тема", "predmet", "tema", "subjekt", "predmet", "предмет", "ämne", "เรื่อง", "konu", "тема", "chủ đề", "主旨",
        "主题",
    ),
    "type": (
        "نوع بند العمل", "treker", "тракер", "područje aktivnosti", "tipus d'assumpte", "fronta", "type", "tracker",
        "ανιχνευτήσ", "tracker", "tipo", "valdkond", "aztarnaria", "نوع مسأله", "tapahtuma", "tracker", "tipo",
        "סיווג", "tracker", "típus", "pelacak", "tracker", "トラッカー", "유형", "pėdsekys", "trakeris", "tracker",
        "чиглэл", "tracker", "sakstype", "typ zagadnienia", "tipo", "tipo", "tip de tichet", "трекер", "front",
        "vrsta zahtevka", "ndjekës", "praćenje", "праћење", "ärendetyp", "การติดตาม", "i̇ş tipi", "координатор",
        "kiểu vấn đề", "追蹤標籤", "跟踪",
    ),
    "status": (
        "الحالة", "status", "състояние", "status", "estat", "stav", "status", "status", "κατάσταση", "status",
        "estado", "olek", "egoera", "وضعیت", "tila", "statut", "estado", "מצב", "status", "státusz", "status", "stato",
        "ステータス", "상태", "būsena", "statuss", "статус", "төлөв", "status", "status", "status", "situação",
        "estado", "stare", "статус", "stav", "status", "gjendje", "status", "статус", "status", "สถานะ", "durum",
        "статус", "trạng thái", "狀態", "状态",
    ),
    "created": (
        "تم الانشاء في", "yaradılıb", "от дата", "kreirano", "creat", "vytvořeno", "oprettet", "angelegt",
        "δημιουργήθηκε", "created", "creado", "loodud", "sortuta", "ساخته شده در", "luotu", "créé", "creado", "נוצר",
        "napravljen", "létrehozva", "dibuat", "creato", "作成日", "등록", "sukurta", "izveidots", "креиран", "үүссэн",
        "aangemaakt op", "opprettet", "data utworzenia", "criado em", "criado", "creat la", "создано", "vytvorené",
        "ustvarjen", "krijuar më", "kreirano", "креирано", "skapad", "สร้าง", "oluşturulma", "створено", "tạo",
        "建立日期", "创建于",
    ),
    "resolved": (
        "closed", "closed", "затворена", "closed", "tancada", "uzavřeno", "closed", "geschlossen am", "closed",
        "closed", "cerrada", "suletud kuupäeval", "closed", "بسته‌شده در", "closed", "fermé", "pechado", "closed",
        "closed", "closed", "closed", "chiuso", "終了日", "완료일", "uždarytas", "closed", "closed", "closed",
        "gesloten", "closed", "data zamknięcia", "concluído", "fechado", "closed", "закрыта", "uzavreté", "closed",
        "mbyllur më", "closed", "closed", "stängd", "closed", "kapanış tarihi", "закрито", "đã đóng", "結束日期",
        "结束日期",
    ),
    "updated": (
        "تم التحديث", "yenilənib", "обновена", "izmjenjeno", "actualitzat", "aktualizováno", "opdateret",
        "aktualisiert", "ενημερώθηκε", "updated", "actualizado", "uuendatud", "eguneratuta", "به‌روزشده در",
        "päivitetty", "mis à jour", "actualizado", "עודכן", "promijenjen", "módosítva", "diperbarui", "aggiornato",
        "更新日", "변경", "atnaujintas", "atjaunots", "ажурирано", "өөрчилсөн", "laatst gewijzigd op", "oppdatert",
        "data modyfikacji", "alterado em", "alterado", "actualizat la", "обновлено", "aktualizované", "posodobljeno",
        "përditësuar më", "ažurirano", "ажурирано", "uppdaterad", "ปรับปรุง", "güncellenme", "оновлено", "cập nhật",
        "更新日期", "更新于",
    ),
    "parent": (
        "بند العمل الأصلي", "valideyn tapşırıq", "родителска задача", "parent task", "tasca pare", "rodičovský úkol",
        "hovedopgave", "übergeordnetes ticket", "parent task", "parent task", "tarea padre", "pärineb teemast",
        "zeregin gurasoa", "کار پدر", "parent task", "tâche parente", "tarefa superior", "משימת אב", "parent task",
        "szülő feladat", "parent task", "attività principale", "親チケット", "상위 일감", "pagrindinė užduotis",
        "parent task", "parent task", "parent task", "hoofdissue", "overordnet sak", "zagadnienie nadrzędne",
        "tarefa mãe", "tarefa principal", "parent task", "родительская задача", "nadradená úloha", "nadrejena naloga",
        "punë mëmë", "matični zadatak", "матични задатак", "förälderaktivitet", "parent task", "üst iş",
        "батьківська задача", "tác vụ cha", "父議題", "父任务",
    ),
    "fix_versions": (
        "الاصدار المستهدف", "variant", "планувана версия", "ciljna verzija", "versió prevista", "cílová verze",
        "udgave", "zielversion", "στόχοσ έκδοσησ", "target version", "versión prevista", "sihtversioon",
        "helburuko bertsioa", "نسخه هدف", "kohdeversio", "version cible", "versión prevista", "גירסת יעד", "verzija",
        "cél verzió", "versi target", "versione prevista", "対象バージョン", "목표버전", "tikslinė versija",
        "mērķa versija", "target version", "хувилбар", "versie", "mål versjon", "wersja docelowa", "versão", "versão",
        "versiune țintă", "версия", "cieľová verzia", "ciljna verzija", "version i synuar", "odredišna verzija",
        "одредишна верзија", "versionsmål", "รุ่น", "hedef sürüm", "версія", "phiên bản", "版本", "目标版本",
    ),
    "components": (
        "الفئة", "kateqoriya", "категория", "kategorija", "categoria", "kategorie", "kategori", "kategorie",
        "κατηγορία", "category", "categoría", "kategooria", "kategoria", "دسته", "luokka", "catégorie", "categoría",
        "קטגוריה", "kategorija", "kategória", "kategori", "categoria", "カテゴリ", "범주", "kategorija", "kategorija",
        "категорија", "төрөл", "categorie", "kategori", "kategoria", "categoria", "categoria", "categorie",
        "категория", "kategória", "kategorija", "kategori", "kategorija", "категорија", "kategori", "ประเภท",
        "kategori", "категорія", "chủ đề", "分類", "类别",
    ),
    "priority": (
        "الأولوية", "prioritet", "приоритет", "prioritet", "prioritat", "priorita", "prioritet", "priorität",
        "προτεραιότητα", "priority", "prioridad", "prioriteet", "lehentasuna", "اولویت", "prioriteetti", "priorité",
        "prioridade", "עדיפות", "prioritet", "prioritás", "prioritas", "priorità", "優先度", "우선순위", "prioritetas",
        "prioritāte", "приоритет", "зэрэглэл", "prioriteit", "prioritet", "priorytet", "prioridade", "prioridade",
        "prioritate", "приоритет", "priorita", "prioriteta", "përparësi", "prioritet", "приоритет", "prioritet",
        "ความสำคัญ", "öncelik", "пріоритет", "mức ưu tiên", "優先權", "优先级",
    ),
    "assignee": (
        "المحال اليه", "təyin edilib", "възложена на", "dodijeljeno", "assignat a", "přiřazeno", "tildelt til",
        "zugewiesen an", "ανάθεση σε", "assignee", "asignado a", "tegeleja", "esleituta", "مسئول", "nimetty",
        "assigné à", "asignado a", "אחראי", "dodijeljeno", "felelős", "ditugaskan ke", "assegnato a", "担当者",
        "담당자", "paskirtas", "piešķirts", "доделена на", "оноогдсон", "toegewezen aan", "tildelt til",
        "przypisany do", "atribuído para", "atribuído a", "atribuit", "назначена", "priradené", "dodeljen", "caktuar",
        "dodeljeno", "додељено", "tilldelad till", "มอบหมายให้", "atanan", "призначена до", "phân công cho",
        "被分派者", "指派给",
    ),
    "percent": (
        "نسبة الانجاز", "hazırlıq", "% прогрес", "% realizovano", "% realitzat", "% hotovo", "% færdig", "% erledigt",
        "% επιτεύχθη", "% done", "% realizado", "% tehtud", "egindako %", "٪ انجام شده", "% tehty", "% réalisé",
        "% realizado", "% גמור", "% učinjeno", "készültség", "% selesai", "% completato", "進捗率", "진척도",
        "% atlikta", "% padarīti", "% завршено", "гүйцэтгэл %", "% voltooid", "% ferdig", "% wykonania", "% terminado",
        "% completo", "realizat", "готовность", "% hotovo", "% narejeno", "% plotësimi", "% urađeno", "% урађено",
        "% klart", "% สำเร็จ", "tamamlanma yüzdesi", "% зроблено", "tiến độ", "完成百分比", "% 完成",
    ),
    "planned_start": (
        "تاريخ البداية", "başlanıb", "начална дата", "početak", "inici", "začátek", "start dato", "beginn", "εκκίνηση",
        "start date", "fecha de inicio", "alguskuupäev", "hasiera", "تاریخ آغاز", "alku", "début", "data de inicio",
        "תאריך התחלה", "pocetak", "kezdés dátuma", "mulai", "inizio", "開始日", "시작시간", "pradėti", "sākuma datums",
        "почеток", "эхлэл", "startdatum", "start", "data rozpoczęcia", "início", "data de início", "data începerii",
        "дата начала", "počiatočný dátum", "začetek", "datë fillimi", "početak", "почетак", "startdatum", "เริ่ม",
        "başlangıç tarihi", "початок", "bắt đầu", "開始日期", "开始日期",
    ),
}  # fmt: skip
# The statuses of what waits for an answer, and of what waits for being closed, in lower case.
FEEDBACK = (
    "التغذية الراجعة", "əks əlaqə", "обратна връзка", "čeka se povratna informacija", "comentaris", "čeká se",
    "feedback", "σχόλια", "comentarios", "tagasiside", "berrelikadura", "بازخورد", "palaute", "commentaire", "משוב",
    "povratna informacija", "visszajelzés", "umpan balik", "commenti", "フィードバック", "의견", "grįžtamasis ryšys",
    "atsauksmes", "terugkoppeling", "tilbakemelding", "odpowiedź", "așteaptă reacții", "нужен отклик",
    "čaká na odsúhlasenie", "përshtypje", "повратна информација", "återkoppling", "รอคำตอบ", "geribildirim",
    "зворотний зв'язок", "phản hồi", "已回應", "反馈",
)  # fmt: skip
RESOLVED = (
    "الحل", "həll edilib", "приключена", "riješen", "resolt", "vyřešený", "løst", "gelöst", "επιλυμένο", "resolved",
    "resuelta", "lahendatud", "ebatzita", "حل‌شده", "hyväksytty", "résolu", "resolta", "נפתר", "riješeno", "megoldva",
    "risolto", "解決", "해결", "išspręstas", "atrisināts", "разрешена", "шийдвэрлэгдсэн", "opgelost", "avklart",
    "rozwiązany", "resolvida", "resolvido", "rezolvat", "решена", "vyriešená", "rešen", "e zgjidhur", "rešeno",
    "решено", "löst", "ดำเนินการ", "çözüldü", "вирішено", "đã được giải quyết", "已解決", "已解决",
)  # fmt: skip
