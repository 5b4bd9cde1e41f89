"""Words beside one for done that say that only a part is: a stage of the work, a place to try it out, almost, soon.

Names come as `plain_words` makes them: brackets, dashes and colons between words say no more than a space does.
"""

from __future__ import annotations

import re

# Work goes on after these, in the languages in which trackers are used; some languages glue words together.
_STAGES = (
    # English
    r"requirements?|discovery|inception|ideation|research|concepts?|conception|prototypes?|prototyping|poc|spikes?"
    r"|wireframes?|mock ?ups?|sketch(?:es)?|drafts?|proposals?|estimates?|estimations?|sizing|scoping|investigations?"
    r"|triage|kick ?off|groundwork|architecture|programming|construction|integrations?|documentation|docs|translations?"
    r"|phases?|stages?|steps?|dev|develop|development|coding|code|design|analysis|reviews?|tests?|testing|qa|build"
    r"|spec\w*|refinement|ux|ui|uat|implementation|grooming|planning|preparations?|first half|part"
    # German
    r"|\w*(?:konzept|konzeption|entwicklung|umsetzung|implementierung|realisierung|spezifikation|programmierung"
    r"|planung|vorbereitung|entwurf|schätzung|phase)|anforderung(?:en|s\w+)|pflichtenheft|lastenheft|analysen?|\w+analyse"
    r"|codierung|prototypen?|recherche|vorarbeit(?:en)?|prüfung|qs|doku|dokumentation|übersetzung|stufe|etappe|teil"
    r"|schritt|teilschritt|rohfassung|beginn"
    # French
    r"|spécifications?|étude|cadrage|maquettes?|rédaction|réalisation|implémentation|développement|recette|revue"
    r"|relecture|traduction|chiffrage|planification|préparation|étape|partie|ébauche|brouillon|début"
    # Spanish, Portuguese, Italian
    r"|requisitos|requerimientos|análisis|diseño|especificación|concepto|prototipo|investigación|implementación"
    r"|desarrollo|codificación|programación|pruebas?|revisión|documentación|traducción|estimación|planificación"
    r"|preparación|fase|etapa|parte|borrador"
    r"|levantamento|análise|desenho|especificação|conceito|protótipo|pesquisa|implementação|desenvolvimento|codificação"
    r"|programação|testes?|revisão|documentação|tradução|estimativa|planejamento|planeamento|preparação|homologação"
    r"|rascunho"
    r"|requisiti|analisi|progettazione|specific(?:a|he)|concetto|ricerca|implementazione|realizzazione|sviluppo|codifica"
    r"|programmazione|collaudo|revisione|documentazione|traduzione|stima|pianificazione|preparazione|bozza"
    # Dutch
    r"|ontwerp|specificaties?|onderzoek|implementatie|realisatie|ontwikkeling|bouw|documentatie|vertaling|schatting"
    r"|voorbereiding|deel|stap"
    # Polish, Czech, Slovak
    r"|wymagania|analiza|projektowanie|specyfikacja|koncepcja|prototyp|badania|implementacja|realizacja|kodowanie"
    r"|programowanie|testy|testowanie|przegląd|dokumentacja|tłumaczenie|wycena|estymacja|planowanie|przygotowanie|faza"
    r"|etap|część"
    r"|požadavky|požiadavky|analýza|návrh|specifikace|špecifikácia|koncept|výzkum|výskum|implementace|implementácia"
    r"|realizace|realizácia|vývoj|kódování|kódovanie|testování|testovanie|revize|revízia|dokumentace|dokumentácia|překlad"
    r"|preklad|odhad|plánování|plánovanie|příprava|príprava|fáze|fáza|etapa|část|časť"
    # Swedish, Norwegian, Danish, Finnish
    r"|krav|analyse|analys|specifikation|spesifikasjon|konsept|utredning|implementering|genomförande|gjennomføring"
    r"|gennemførelse|utveckling|utvikling|udvikling|kodning|koding|tester|testning|granskning|gjennomgang|gennemgang"
    r"|dokumentasjon|översättning|oversettelse|oversættelse|estimering|planering|planlegging|planlægning|förberedelse"
    r"|forberedelse|fas|steg|trinn|trin"
    r"|vaatimukset|määrittely|analyysi|suunnittelu|konsepti|prototyyppi|tutkimus|toteutus|kehitys|koodaus|testaus"
    r"|katselmointi|dokumentaatio|käännös|arviointi|valmistelu|vaihe|osa"
    # Hungarian, Romanian, Turkish
    r"|követelmények|elemzés|tervezés|specifikáció|koncepció|prototípus|kutatás|megvalósítás|implementáció|fejlesztés"
    r"|kódolás|teszt|tesztelés|felülvizsgálat|dokumentáció|fordítás|becslés|előkészítés|fázis|szakasz|rész"
    r"|cerințe|analiză|proiectare|specificație|cercetare|implementare|dezvoltare|programare|testare|teste|revizuire"
    r"|documentație|traducere|estimare|planificare|pregătire|fază|etapă"
    r"|gereksinim(?:ler)?|analiz|tasarım|araştırma|geliştirme|kodlama|testler|inceleme|dokümantasyon|çeviri|planlama"
    r"|hazırlık|aşama|bölüm"
    # Russian, Ukrainian, Greek
    r"|требования|анализ|аналитика|проектирование|дизайн|спецификация|концепция|прототип|исследование|реализация"
    r"|разработка|кодирование|программирование|тестирование|тесты|ревью|проверка|документация|перевод|оценка"
    r"|планирование|подготовка|этап|фаза|часть"
    r"|вимоги|аналіз|проєктування|специфікація|концепція|дослідження|реалізація|розробка|програмування|тестування|тести"
    r"|перевірка|документація|переклад|оцінка|планування|підготовка|етап|частина"
    r"|ανάλυση|σχεδιασμός|ανάπτυξη|υλοποίηση|δοκιμές|τεκμηρίωση"
    # Indonesian, Vietnamese
    r"|analisis|desain|perancangan|pengembangan|implementasi|pengujian|dokumentasi|perencanaan|persiapan|tahap"
    r"|phân tích|thiết kế|lập trình|phát triển|kiểm thử"
)
# A word for done in general; "released" says of a stage that more than it is out.
_OVER = (
    r"done|completed?|finished|closed|resolved|fertig\w*|erledigt|abgeschlossen|beendet|geschlossen"
    r"|terminée?s?|finie?s?|achevée?s?|faite?s?|clôturée?s?"
    r"|terminad[oa]s?|finalizad[oa]s?|completad[oa]s?|hech[oa]s?|list[oa]s?|cerrad[oa]s?"
    r"|concluíd[oa]s?|feit[oa]s?|pront[oa]s?|completat[oaie]|terminat[oaie]|finit[oaie]|conclus[oaie]|fatt[oaie]"
    r"|klaar|gereed|afgerond|voltooid|afgesloten"
    r"|zakończon[yae]|ukończon[yae]|gotow[yae]|zrobion[yae]|hotov[oaáéýy]|dokončen[oaáéýy]?|ukončen[oaáéýy]?"
    r"|f[eæ]rdig[et]?|färdigt?a?|klara?|klart|avslutad|avslutat|afsluttet|avsluttet|fullført|valmis|valmiit"
    r"|kész|befejezve|finalizat[aăe]?|gata|tamamlandı|bitti"
    r"|готов[оаы]?|заверш[её]н[оаы]?|законч[её]н[оаы]?|выполнен[оаы]?|завершен[оаийі]+|виконан[оаийі]+"
    r"|ολοκληρώθηκε|selesai|hoàn thành|xong"
)
# These may stand between both: "phase 2 is complete", "concept successfully completed".
_BETWEEN = (
    r"(?:is|are|was|were|has been|have been|ist|sind|wurde|est|sont|está|están|é|è|sono|zijn|jest|są|je|jsou|är|er|on"
    r"|van|kész|fully|all|successfully|vollständig|erfolgreich|work|arbeit|part|phase|stage|step|fase|etapa"
    r"|[ivx]+|[a-d]|\d+(?:\.\d+)?) "
)
_STAGE_FIRST = rf"\b(?:{_STAGES}) (?:{_BETWEEN}){{0,3}}(?:{_OVER})\b"
# "Done in phase 2" is said of all of it, as in a sprint.
_NO_TIME = r"(?!(?:phases?|stages?|steps?|part|phase|etappe|stufe|fase|etapa|etap|faza|trinn?|steg) )"
_STAGE_LAST = rf"^(?:{_OVER}) (?:(?:with|by|in|the) )*{_NO_TIME}(?:{_STAGES})$"

# Where nobody works with it yet.
_TRIAL_PLACES = (
    r"(?:stag\w*|stg|test|tests|testing|test ?env\w*|test ?system\w*|test ?umgebung\w*|qa|dev|develop|development|uat"
    r"|sit|int|integration\w*|pre ?prod\w*|non ?prod\w*|demo\w*|beta|alpha|sandbox|branch|review|pilot|abnahme\w*"
    r"|entwicklungsumgebung|recette|préprod\w*|pruebas?|testes?|homologação|collaudo|testomgeving|testmiljö\w*"
    r"|testmiljø\w*|тест\w*|стейдж\w*|предпрод\w*)"
)
_BROUGHT = (
    r"(?:deployed|released|shipped|delivered|launched|rolled out|published|installed|merged|live|done|fixed|resolved"
    r"|completed?|finished|accepted|verified|approved|closed"
    r"|ausgerollt|ausgeliefert|veröffentlicht|bereitgestellt|deployt|erledigt|fertig|behoben|abgeschlossen"
    r"|livrée?s?|déployée?s?|publiée?s?|terminée?s?|corrigée?s?"
    r"|desplegad[oa]s?|entregad[oa]s?|publicad[oa]s?|liberad[oa]s?|terminad[oa]s?|implantad[oa]s?|entregues?"
    r"|concluíd[oa]s?|rilasciat[oa]|consegnat[oa]|pubblicat[oa]|completat[oa]"
    r"|uitgerold|opgeleverd|vrijgegeven|klaar|wdrożon[eya]|wydan[eya]|gotowe|nasazen[oaýé]|nasaden[oaýé]|hotovo"
    r"|driftsatt|släppt|levererad|leveret|levert|udgivet|klar"
    r"|выпущен[оа]?|разв[её]рнут[оа]?|опубликован[оа]?|готов[оа]?)"
)
_NOT_EVEN = r"(?:(?:to|on|in|for|at|into|the|auf|im|in|der|dem|en|sur|na|no|em|su|op|på|на|do|env\w*) )*"
_PLACE_LAST = rf"\b{_BROUGHT} {_NOT_EVEN}{_TRIAL_PLACES}\b"
_PLACE_FIRST = (
    rf"^(?:in )?{_TRIAL_PLACES} (?:deployed|released|shipped|delivered|rolled out|ausgerollt|ausgeliefert|live)\b"
)
_FOR_ALL = (
    r"(?<!pre )(?<!non )\b(?:prod|production|produktion|produktiv|prd|producción|produção|produzione|productie)\b"
)

# All but done, done in part, or done some day.
_ALMOST = (
    r"\b(?:in part|partway|basically|essentially|roughly|approximately|preliminar\w*|interim|temporar\w*|shortly"
    r"|imminent\w*|nearing|approaching|on the verge of|as good as|half ?way"
    r"|nahezu|annähernd|kurz vor|bald|demnächst|in kürze|zum teil|teils|so gut wie|praktisch|im wesentlichen"
    r"|überwiegend|mehrheitlich|provisorisch|zur hälfte"
    r"|partiel\w*|en partie|bientôt|quasiment|à moitié|à peu près|pratiquement|prochainement|sous peu|en passe"
    r"|en voie|en grande partie"
    r"|en parte|próxim\w+|prácticamente|mayormente|a medias|en breve|a punto|em parte|em breve|praticamente|prestes"
    r"|pela metade|in parte|presto|tra poco|a breve|in via di|a metà|per lo più|prossim\w*"
    r"|binnenkort|vrijwel|grotendeels|haast|nagenoeg|zo goed als|spoedig|ten dele|voorlopig"
    r"|wkrótce|niemal|niebawem|niedługo|w części|w większości|wstępnie|połowicznie|w połowie|na ukończeniu"
    r"|skoro|brzy|zčásti|z části|napůl|většinou|takřka|předběžně|čoskoro|takmer|čiastočne|sčasti|predbežne"
    r"|snart|halv\w*|till stor del|i princip|så gott som|så godt som|preliminärt|tillfälligt|stort sett|delvist"
    r"|foreløpig|foreløbig|til dels"
    r"|lähes|osittain|pian|kohta|puoliksi|osin|alustavasti"
    r"|majdnem|részben|hamarosan|szinte|félig|nemsokára|nagyrészt|előzetesen|részlegesen|csaknem|nagyjából"
    r"|aproape|parțial|parţial|curând|pe jumătate|provizoriu|în parte"
    r"|yakında|hemen hemen|yarı|büyük ölçüde|az kaldı|geçici"
    r"|скоро|вскоре|наполовину|практически|в основном|отчасти|предварительно"
    r"|майже|частково|незабаром|невдовзі|практично|в основному|попередньо|ускоро|делимично"
    r"|σχεδόν|μερικώς|εν μέρει|σύντομα|djelomično|djelomice|delimično|uskoro|zamalo|skoraj|delno|kmalu"
    r"|gairebé|parcialment|aviat|peaaegu|osaliselt|varsti|gandrīz|daļēji|drīz|beveik|iš dalies|netrukus"
    r"|sebagian|segera|setengah|gần|gần như|sắp|một phần|hầu như|sẽ"
    # Whom it is handed to shall look at it.
    r"|(?:verify|re ?test|validate|prüfen|testen|vérifier|verificar|verificare|controleren|проверить)$"
    r"|تقريبا|تقريباً|جزئيا|جزئياً|قريبا|قريباً|شبه|כמעט|חלקית|בקרוב|تقریبا|लगभग|आंशिक)\b"
)
# It is being done, or will be.
_BECOMES = (
    r"\b(?:wird|werden|wordt|worden|blir|bliver|sera|seront|será|serão|serán|sarà|verrà|viene|siendo|sendo|a ser"
    r"|va a ser|vai ser|va être|będzie|zostanie|bude|budou|budú|lesz|va fi|будет|будут|буде|получается|sedang|akan"
    r"|pronto) (?:\w+ )?$"
)
# Nobody has looked at it.
_UNSEEN = (
    r"\bun\w*(?:geprüft|getestet|bestätigt|verifiziert|freigegeben|validiert|kontrolliert|abgenommen)\b"
    r"|\bon(?:getest|gecontroleerd|geverifieerd|bevestigd)\b|\b(?:otestad|ogranskad|obekräftad|utestet|ubekreftet)t?\b"
    r"|\bnie(?:sprawdzon|przetestowan|zweryfikowan)\w*|\bne(?:otestov|ověřen|skontrolov|zkontrolov|testat|verificat)\w*"
    r"|\bне(?:проверен|протестирован|подтвержд)\w*|\b(?:testaamatta|tarkistamatta|ellenőrizetlen)\b"
)
# Scripts without spaces between words.
_PART_SIGNS = (
    r"部分|一部|大体|大致|基本完成|几乎|幾乎|快要|快完|接近|差不多|暂时|暫時|初步|第.{1,2}阶段|第.{1,2}階段|一期|二期"
    r"|概ね|おおむね|もうすぐ|まもなく|間近|仮完了|仮終了|第.{1,2}段階|フェーズ|見込み"
    r"|일부|부분|곧|대부분|임시|\d+ ?단계"
    r"|gần|sắp|một phần|hầu như|เกือบ|ใกล้|บางส่วน|กำลังจะ"
)
_STAGE_SIGNS = (
    r"(?:需求|方案|原型|文档|文檔|联调|聯調|自测|自測|调研|調研|构建|建模|翻译|翻譯|規劃|规划"
    r"|要件定義|要件|調査|検証|試験|コーディング|プログラミング|ドキュメント|翻訳|見積もり|見積|計画"
    r"|기획|디자인|요구사항|구현|조사|문서|번역|계획)(?:作業|工作|작업)?\s*(?:已?完成|完了|終了|완료|종료)"
)
_PLACE_SIGNS = (
    r"(?:测试|測試|开发|開發|预发|預發|灰度|検証|開発|テスト|ステージング|테스트|개발|스테이징)(?:环境|環境|환경|服)?"
    r".{0,3}(?:发布|發布|部署|上线|上線|リリース|デプロイ|배포)"
)
_FOR_ALL_SIGNS = r"生产|生產|正式|本番|线上|線上|운영|상용"

# Beside a word for done they say who, when, where or how, and leave no doubt.
_PLAIN_COMPANY = (
    r"(?:the|all|is|are|it|and|or|und|et|y|e|i|en|och|og|fully|completely|entirely|newly|now|already|successful(?:ly)?"
    r"|erfolgreich|vollständig|komplett|ganz|alles|avec|succès|tout|todo|con|éxito|tutto|com|sucesso"
    r"|work|task|ticket|issue|item|story|bug|card|job|request|project|sprint|release|version|iteration|milestone|week"
    r"|month|quarter|year|today|yesterday|this|last|late|early|on|time|aufgabe|vorgang|projekt|tâche|tarea|tarefa|attività"
    r"|tested|verified|approved|reviewed|checked|confirmed|archived|geprüft|getestet|vérifiée?|probad[oa]|testad[oa]"
    r"|production|prod|live|customer|support|workaround|by|in|to|for|from|with|without|as|auf|von|vom|im|am|mit|durch|bei"
    r"|par|por|da|do|de|na|av|fix|ok|okay|yes|no|final|finally|end|x|v|q[1-4]|w|kw|prio"
    r"|\w*\d[\w.]*|jan\w*|feb\w*|mar\w*|apr\w*|may|jun\w*|jul\w*|aug\w*|sep\w*|o[ck]t\w*|nov\w*|de[cz]\w*)"
)


def plain_words(name: str) -> str:
    """A name's words with spaces between them, whatever stood there but "/", "&" and "+", which list several."""
    return " ".join(re.sub(r"[^\w%'/&+]+", " ", name).split())


def says_a_part(words: str, done: re.Pattern[str] | str) -> bool:
    """Whether only a part of the work is done by these words. `done`: an expression for a word for done."""
    if _names_a_stage(words) or _names_a_trial(words):
        return True
    match = re.search(done, words)
    if match is None:
        return False
    return (
        re.search(_BECOMES, words[: match.start()]) is not None or re.search(rf"{_ALMOST}|{_UNSEEN}", words) is not None
    )


def without_almost(words: str, not_yet: str) -> str:
    """The words without those that say that it is not quite so; "" where there are none. `not_yet`: some more."""
    rest = " ".join(re.sub(rf"{_ALMOST}|{not_yet}", " ", words).split())
    return "" if rest == words else rest


def signs_say_a_part(name: str, done: str) -> bool:
    """The same of scripts that write words without spaces. `done`: an expression for the signs for done."""
    if re.search(_STAGE_SIGNS, name):
        return True
    if re.search(done, name) is None:
        return False
    is_tried = re.search(_PLACE_SIGNS, name) is not None and not re.search(_FOR_ALL_SIGNS, name)
    return is_tried or re.search(_PART_SIGNS, name) is not None


def says_more_than_done(words: str, done: str) -> bool:
    """Whether words stand beside one for done that nobody knows: "Contract done" may be one step of several."""
    rest = re.sub(rf"{done}|[/&+%']", " ", words).split()
    return any(not re.fullmatch(_PLAIN_COMPANY, word) for word in rest)


def _names_a_stage(words: str) -> bool:
    return re.search(_STAGE_FIRST, words) is not None or re.search(_STAGE_LAST, words) is not None


def _names_a_trial(words: str) -> bool:
    if re.search(_FOR_ALL, words):
        return False
    return re.search(_PLACE_LAST, words) is not None or re.search(_PLACE_FIRST, words) is not None
