"""What Jira calls its columns in languages beside those of `column_names`, as `plain_name` makes them. Only data."""

from __future__ import annotations

from collections.abc import Mapping

# Its column of keys, and of no other tracker's.
KEYS = (
    "sagsnøgle", "saksnøkkel", "nøgle for sag", "problemnøgle", "tapahtuman avain", "pyynnön avain", "tehtävän avain",
    "ongelman avain", "asian avain", "ügykulcs", "ügy kulcsa", "ügy kulcs", "feladat kulcsa", "feladatkulcs",
    "jegy kulcsa", "probléma kulcsa", "khóa vấn đề", "mã vấn đề", "khóa công việc", "klíč úlohy", "klíč problému",
    "klíč úkolu", "klíč požadavku", "sorun anahtarı", "sorun kodu", "konu anahtarı", "iş öğesi anahtarı",
    "ключ запиту", "ключ задачі", "ключ завдання", "cheie problemă", "cheia problemei", "cheie tichet",
    "kľúč problému", "kľúč úlohy", "ključ zahtevka", "ključ problema", "κλειδί ζητήματος", "κλειδί θέματος",
    "ключ на задача", "ключ на проблем", "ключ на заявка", "pileti võti", "užduoties raktas", "議題索引鍵", "議題金鑰",
    "問題關鍵字", "問題索引鍵", "คีย์ปัญหา", "מפתח בעיה", "מפתח פריט", "مفتاح المشكلة", "kunci masalah", "kunci isu",
)  # fmt: skip
# Our field -> its names. Those of keys go before what also names a number of the row, all others come last.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "key": (
        *KEYS, "nøgle", "nøkkel", "nyckel", "avain", "kulcs", "khóa", "anahtar", "cheie", "cheia", "ključ", "κλειδί",
        "võti", "raktas", "索引鍵", "金鑰", "คีย์", "מפתח", "مفتاح", "kunci",
    ),
    "source_id": (
        "sags id", "saks id", "tapahtuman tunnus", "pyynnön tunnus", "ügyazonosító", "ügy azonosítója", "id vấn đề",
        "id úlohy", "id problému", "id požadavku", "sorun kimliği", "talep kimliği", "id запиту", "id задачі",
        "id проблемы", "id problemă", "ärende id", "議題 id", "問題 id", "ідентифікатор запиту",
    ),
    "summary": (
        "opsummering", "resumé", "összefoglaló", "összegzés", "tóm tắt", "souhrn", "резюме", "підсумок", "rezumat",
        "súhrn", "σύνοψη", "περίληψη", "kokkuvõte", "สรุป", "סיכום", "תקציר", "الملخص", "povzetek", "sažetak",
        "santrauka", "kopsavilkums", "ringkasan", "обобщение",
    ),
    "type": (
        "sagstype", "sakstype", "problemtype", "tapahtuman tyyppi", "pyynnön tyyppi", "tehtävätyyppi", "ügytípus",
        "ügy típusa", "feladattípus", "loại vấn đề", "typ úlohy", "typ problému", "typ požadavku", "sorun tipi",
        "sorun türü", "konu türü", "тип запиту", "тип задачі", "тип завдання", "tip problemă", "τύπος ζητήματος",
        "тип на задача", "pileti tüüp", "ärendetyp", "議題類型", "問題類型", "ประเภทปัญหา", "סוג בעיה", "نوع المشكلة",
        "тип", "tyyppi", "τύπος", "tüüp", "ประเภท", "סוג", "النوع", "類型",
    ),
    "status": (
        "állapot", "trạng thái", "tình trạng", "стан", "stare", "κατάσταση", "състояние", "olek", "staatus", "狀態",
        "สถานะ", "סטטוס", "מצב", "الحالة", "būsena", "stanje", "statusas",
    ),
    "category": (
        "tilaluokka", "tilan luokka", "állapotkategória", "danh mục trạng thái", "категорія статусу",
        "категорія стану", "categorie stare", "categorie de stare", "kategória stavu", "κατηγορία κατάστασης",
        "категория на статуса", "狀態類別", "kategorija statusa", "หมวดหมู่สถานะ", "קטגוריית סטטוס", "فئة الحالة",
        "kategori status",
    ),
    "category_changed": (
        "statuskategori ændret", "statuskategori endret", "statuskategori ändrad", "tilaluokka muuttunut",
        "állapotkategória módosítva", "kategorie stavu změněna", "durum kategorisi değiştirildi",
        "категорія статусу змінена", "categoria de stare modificată", "kategória stavu zmenená", "狀態類別已變更",
    ),
    "created": (
        "létrehozva", "létrehozás dátuma", "đã tạo", "ngày tạo", "được tạo", "creat", "creat la", "δημιουργήθηκε",
        "създаден", "създадено", "създадена", "loodud", "สร้างเมื่อ", "สร้าง", "נוצר", "نشئ", "تاريخ الإنشاء",
        "تم الإنشاء", "ustvarjeno", "kreirano", "sukurta", "izveidots", "dibuat", "oprettelsesdato", "opprettelsesdato",
        "luontipäivä", "oluşturma tarihi", "oluşturulma tarihi", "datum vytvoření", "дата створення", "已建立",
    ),
    "updated": (
        "frissítve", "módosítva", "đã cập nhật", "cập nhật", "ngày cập nhật", "güncellenme", "güncelleme",
        "güncellenme tarihi", "actualizat", "ενημερώθηκε", "обновен", "обновено", "uuendatud", "อัปเดต", "อัปเดตแล้ว",
        "עודכן", "محدث", "تم التحديث", "posodobljeno", "ažurirano", "atnaujinta", "atjaunots", "diperbarui", "muokattu",
        "已更新",
    ),
    "resolved": (
        "megoldva", "megoldás dátuma", "lezárva", "đã giải quyết", "ngày giải quyết", "çözülme", "çözülme tarihi",
        "çözüm tarihi", "rezolvat", "επιλύθηκε", "решен", "lahendatud", "已解決", "แก้ไขเมื่อ", "נפתר", "تم الحل",
        "تاريخ الحل", "rešeno", "riješeno", "išspręsta", "atrisināts", "diselesaikan", "løsningsdato", "ratkaisupäivä",
        "lösningsdatum", "datum vyřešení", "dátum vyriešenia", "дата вирішення", "解決日期",
    ),
    "priority": (
        "prioriteetti", "prioritás", "độ ưu tiên", "priorita", "пріоритет", "prioritate", "προτεραιότητα", "優先權",
        "優先順序", "ความสำคัญ", "עדיפות", "الأولوية", "prioriteet", "prioritetas", "prioriteta", "prioritas",
    ),
    "resolution": (
        "løsning", "lösning", "ratkaisu", "megoldás", "giải pháp", "řešení", "вирішення", "rezolvare", "rezoluție",
        "riešenie", "επίλυση", "resolutsioon", "lahendus", "解決方案", "פתרון", "الحل", "การแก้ไข", "rešitev",
    ),
    "parent": (
        "overordnet sag", "overordnet sak", "overordnet", "ylätason tehtävä", "szülő", "szülőfeladat", "mục cha",
        "nadřazená úloha", "üst öğe", "батьківський", "батьківська задача", "överordnad", "părinte", "nadradená úloha",
        "γονικό", "上層議題", "父項",
    ),
    "assignee": (
        "tildelt", "tildelt til", "vastuuhenkilö", "käsittelijä", "felelős", "người được giao", "người thực hiện",
        "řešitel", "přiřazeno", "atanan kişi", "виконавець", "responsabil", "ανάθεση σε", "riešiteľ", "受託人",
        "受指派者",
    ),
    "project": ("projekti", "dự án", "проект", "проєкт", "proiect", "έργο", "專案", "projektas"),
    "is_done": ("færdig", "lukket", "kész", "xong", "hoàn thành", "bitti", "tamamlandı", "виконано", "gata"),
    "labels": ("etiketit", "címkék", "nhãn", "štítky", "etiketler", "мітки", "etichete", "標籤", "ετικέτες"),
    "components": ("komponenter", "komponentit", "komponensek", "komponenty", "bileşenler", "компоненти", "компоненты",
                   "元件"),
    "fix_versions": ("løsningsversioner", "rettet i version", "korjausversiot", "javítási verziók",
                     "phiên bản sửa lỗi", "opravné verze", "düzeltme sürümleri", "версії виправлення",
                     "исправить в версиях", "åtgärdade versioner"),
}  # fmt: skip
