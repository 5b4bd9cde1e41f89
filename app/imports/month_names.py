"""Names of months and halves of a day by language. Written by scripts/months.py from CLDR; not by hand."""

from __future__ import annotations

# Twelve groups a language, divided by bars; the languages that Jira speaks come first.
LANGUAGES: tuple[tuple[str, str], ...] = (
    ("en",
     "january|february|march|april|may|june|july|august|september|october|november|december"
    ),
    ("de",
     "januar|februar|marz mrz|april|mai|juni|juli|august|september|oktober|november|dezember"
    ),
    ("de_AT",
     "janner|feber februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember"
    ),
    ("fr",
     "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    ),
    ("es",
     "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    ),
    ("it",
     "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
    ),
    ("pt",
     "janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"
    ),
    ("nl",
     "januari|februari|maart mrt|april|mei|juni|juli|augustus|september|oktober|november|december"
    ),
    ("da",
     "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
    ),
    ("sv",
     "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    ),
    ("nb",
     "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
    ),
    ("fi",
     "tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta|kesakuuta|heinakuuta|elokuuta|syyskuuta|loka"
     "kuuta|marraskuuta|joulukuuta"
    ),
    ("is",
     "januar|februar|mars|april|mai|juni|juli|agust|september|oktober|november|desember"
    ),
    ("pl",
     "styczen stycznia|lutego luty|marca marzec|kwiecien kwietnia|maja|czerwca czerwiec|lipca lipiec|sierp"
     "ien sierpnia|wrzesien wrzesnia|pazdziernika|listopada|grudnia grudzien"
    ),
    ("cs",
     "leden ledna|unora|brezen brezna|duben dubna|kveten kvetna|cerven cervna cvn|cervence cervenec cvc|sr"
     "pen srpna|zari|rijen rijna|listopadu|prosince prosinec"
    ),
    ("sk",
     "januara|februara|marca marec|aprila|maja|juna|jula|augusta|september septembra|oktober oktobra|novem"
     "ber novembra|december decembra"
    ),
    ("hu",
     "januar|februar|marcius|aprilis|majus|junius|julius|augusztus|szeptember|oktober|november|december"
    ),
    ("ro",
     "ianuarie|februarie|martie|aprilie|mai|iunie|iulie|august|septembrie|octombrie|noiembrie nov|decembri"
     "e"
    ),
    ("et",
     "jaanuar|veebruar|marts|aprill|mai|juuni|juuli|august|september|oktoober|november|detsember"
    ),
    ("ru",
     "январь января|февраль февраля|марта|апрель апреля|маи мая|июнь июня|июль июля|августа|сентябрь сентя"
     "бря|октябрь октября|ноябрь ноября|декабрь декабря"
    ),
    ("uk",
     "січень січня|лютии лютого|березень березня|квітень квітня|травень травня|червень червня|липень липня"
     "|серпень серпня|вересень вересня|жовтень жовтня|листопада|грудень грудня"
    ),
    ("tr",
     "ocak|subat|mart|nisan|mayis|haziran|temmuz|agustos|eylul|ekim|kasim|aralik"
    ),
    ("zh",
     "一月|二月|三月|四月|五月|六月|七月|八月|九月|十月|十一月|十二月"
    ),
    ("th",
     "มกราคม มค|กพ กุมภาพันธ์|มีค มีนาคม|เมย เมษายน|พค พฤษภาคม|มิถุนายน มิย|กค กรกฎาคม|สค สิงหาคม|กย กันยา"
     "ยน|ตค ตุลาคม|พย พฤศจิกายน|ธค ธันวาคม"
    ),
    ("el",
     "ιανουαριοσ ιανουαριου|φεβρουαριοσ φεβρουαριου|μαρτιοσ μαρτιου|απριλιοσ απριλιου|μαιοσ μαιου|ιουνιοσ "
     "ιουνιου|ιουλιοσ ιουλιου|αυγουστοσ αυγουστου|σεπτεμβριοσ σεπτεμβριου|οκτωβριοσ οκτωβριου|νοεμβριοσ νο"
     "εμβριου|δεκεμβριοσ δεκεμβριου"
    ),
    ("bg",
     "януари|февруари|март|април|маи|юни|юли|август|септември|октомври|ноември|декември"
    ),
    ("lt",
     "sausio sausis|vasario vasaris|kovas kovo|balandis balandzio|geguzes|birzelio birzelis|liepa liepos|r"
     "ugpjucio rugpjutis|rugsejis rugsejo|spalio spalis|lapkricio lapkritis|gruodis gruodzio"
    ),
    ("lv",
     "janvaris|februaris|marts|aprilis|maijs|junijs|julijs|augusts|septembris|oktobris|novembris|decembris"
    ),
    ("sl",
     "januar|februar|marec|april|maj|junij|julij|avgust|september|oktober|november|december"
    ),
    ("hr",
     "sijecanj sijecnja|veljaca veljace|ozujak ozujka|travanj travnja|svibanj svibnja|lipanj lipnja|srpanj"
     " srpnja|kolovoza|rujan rujna|listopada|studeni studenoga|prosinac prosinca"
    ),
    ("sr_Latn",
     "januar|februar|mart|april|maj|jun|jul|avgust|septembar|oktobar|novembar|decembar"
    ),
    ("sr",
     "јануар|фебруар|март|април|мај|јун|јул|август|септембар|октобар|новембар|децембар"
    ),
    ("ca",
     "gener|febrer|marc|abril|maig|juny|juliol|ag agost|setembre|octubre|novembre|desembre"
    ),
    ("eu",
     "urtarrila|otsaila|martxoa|apirila|maiatza|ekaina|uztaila|abuztua|iraila|urria|azaroa|abendua"
    ),
    ("gl",
     "xaneiro|febreiro|marzo|abril|maio|xuno|xullo|agosto|setembro|outubro|novembro|decembro"
    ),
    ("id",
     "januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
    ),
    ("ms",
     "januari|februari|mac|april|mei|jun|julai|ogos|september|oktober|november|disember"
    ),
    ("he",
     "ינואר|פברואר|מרץ|אפריל|מאי|יוני|יולי|אוגוסט|ספטמבר|אוקטובר|נובמבר|דצמבר"
    ),
    ("ar",
     "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
    ),
    ("fa",
     "ژانویه|فوریه|مارس|آوریل|مه|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر"
    ),
    ("sq",
     "janar|shkurt|mars|prill|maj|qershor|korrik|gusht|shtator|tetor|nentor|dhjetor"
    ),
    ("mk",
     "јануари|февруари|март|април|мај|јуни|јули|август|септември|октомври|ноември|декември"
    ),
    ("be",
     "студзень студзеня|лютага люты|сакавіка|красавіка|маи мая|чэрвень чэрвеня|ліпень ліпеня|жнівень жніун"
     "я|верасень верасня|кастрычніка|лістапада|снежань снежня"
    ),
    ("az",
     "yanvar|fevral|mart|aprel|may|iyn iyun|iyl iyul|avqust|sentyabr|oktyabr|noyabr|dekabr"
    ),
    ("kk",
     "қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүиек|қазан|қараша|желтоқсан"
    ),
    ("hi",
     "जनवरी जन॰|फ़रवरी फ़र॰|मार्च|अप्रैल|मई|जून|जुलाई जुल॰|अगस्त अग॰|सितंबर सित॰|अक्टूबर अक्टू॰|नवंबर नव॰|"
     "दिसंबर दिस॰"
    ),
    ("roman",
     "i|ii|iii|iv|v|vi|vii|viii|ix|x|xi|xii"
    ),
)  # fmt: skip
FORENOON = (
    "am ap de dop dopoldne eparadites fh fm oo paradite pd pg prieksp priekspusdiena priespiet prp sa vm "
    "πμ дп претпл صباحًا قبل‌ازظهر قظ ق‌ظ ก่อนเที่ยง 오전 上午 午前"
)  # fmt: skip
AFTERNOON = (
    "ch du eh em epasdites ip md nm odp os pasdite pecp pecpusd pecpusdiena pm pop popiet popoldne ptg μμ"
    " попл пп بظ بعدازظهر ب‌ظ مساءً หลังเที่ยง 오후 下午 午後"
)  # fmt: skip
