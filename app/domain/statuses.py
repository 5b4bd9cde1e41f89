"""What a status means by its name alone, for where no tracker says it.

Usual names first. Then telling words, each read with what stands before it: "to be released" and "almost done" are
not done yet, "not closed" and "incomplete" say the opposite of the word in them, and "dev done" says that one step
of several is over. `given_up` knows the names of work that ended without being done.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from app.domain.status_parts import plain_words, says_a_part, says_more_than_done, signs_say_a_part, without_almost
from app.domain.status_words import DONE, FAILED, GIVEN_UP, GIVEN_UP_REASONS, IN_PROGRESS, MERGED, TO_DO, UNRESOLVED
from store.records import Category

# Expressions are compiled when they are first asked: all of them together take a tenth of the start of a command.

_DONE_INDEED = DONE - GIVEN_UP

# -- telling words --------------------------------------------------------------------------------------

_DONE_WORDS = (
    r"done|closed|resolved|completed?|fixed|released|deployed|shipped|merged|finished|delivered|launched"
    r"|accepted|finali[sz]ed"
    r"|erledigt|fertig|geschlossen|abgeschlossen|gelöst|terminée?s?|finie?s?|fermée?s?|résolue?s?"
    r"|terminad[oa]s?|cerrad[oa]s?|resuelt[oa]s?|finalizad[oa]s?|completad[oa]s?"
    r"|concluíd[oa]s?|fechad[oa]s?|resolvid[oa]s?|completat[oa]|chius[oa]|finit[oa]|afgerond|voltooid|klaar|gesloten"
    r"|gotowe|zakończone|zamknięte|zrobione|hotovo|uzavřeno|färdig|klar|stängd|ferdig|lukket|færdig|valmis|kész"
    r"|tamamlandı|готово?|завершен[оа]|закрыт[оа]?|выполнен[оа]|сделано|selesai"
    r"|clos|clôturée?s?|stängt|avslutad|avslutat|suljettu|afsluttet|avsluttet|opgelost|zamknięt[yao]|закрито|решен[оа]"
)
_ENDED_WORDS = (
    r"cancel\w*|reject\w*|won'?t|duplicate\w*|abandon\w*|declined?|discarded|obsolete|withdrawn|storniert|abgelehnt"
    r"|unsuccessful\w*|expired|superseded|aborted|discontinued|revoked|retracted|erfolglos"
)
# Between a word for done and the reason why nothing was: "closed as duplicate", "geschlossen, weil doppelt".
_AS = r"(?:as|with|because|due to|als|weil|da|comme|car|como|por|come|jako|som|kuin|как)"
_DONE_WORD = rf"\b(?:{_DONE_WORDS})\b"
_ENDED_WORD = rf"\b(?:{_ENDED_WORDS})\b"
# Scripts without spaces between words.
# After a word for giving up: nothing, or who or why. Else it begins a sentence: "Rejected mails are sent again".
_WHY_ENDED = (
    r"(?:$|\W*(?:[\[(:;,/–]|[a-z][a-z0-9]*[ -]\d+|(?:of|as|by|because|due|from|in|after|with|without|be|do|durch|von"
    r"|vom|als|weil|wegen|nach|par|por|pour|comme|como|da|de|do|av|door|van|przez|com|con|om|по|из)\b))"
)

_DONE_SIGNS = (
    r"完成|完了|已?关闭|關閉|已解[决決]|解決済|終了|已结束|已上[线線]|已[发發]布|완료|종료|해결됨|닫힘|hoàn thành|เสร็จ"
)
# One step of several is over there, or the thing waits for the next one.
_STEP_SIGNS = (
    r"(?:开发|開発|開發|编码|測試|测试|テスト|实现|実装|设计|設計|分析|评审|レビュー|準備|准备|检查|確認|개발|테스트|검토|리뷰|설계)"
    r"\s*(?:已?完成|完了|완료)"
)
_WAITING_SIGNS = (
    r"ほぼ|即将|即將|거의|(?:发布|發布|上线|上線|部署|リリース|デプロイ|確認|レビュー|検証|承認|テスト|배포|검토|승인|테스트|리뷰)\s*(?:待ち|待|대기)"
    r"|(?:待|等待)\s*(?:发布|發布|上线|上線|部署|测试|測試|验收|驗收|审核|审查|评审|验证|确认)"
)
_NOT_SIGNS = r"未|待|不|미(?=완료|해결)|대기|예정|chưa|ยังไม่|予定|等"
_DOING_SIGNS = r"\w(?:中(?![止断])|중)|正在|进行|進行|กำลัง|đang|진행"

# Before a word of done: then the opposite of it holds.
_NOT = (
    r"\b(?:not|isn'?t|never|non|un|nicht|kein|noch|pas|no|sin|não|nao|niet|nog|nie|не|нет|ne|není|inte|ikke|ei|nem|nincs"
    r"|değil|chưa|belum|ej|inga|icke|to be done|à|a être|por|da|do|zu|te|zum(?! teil)|zur)\b"
)
# Behind a word for giving up.
_ASKED_FOR = r"\W*(?:requested|request|pending|proposed|beantragt|vorgeschlagen|demandée?|solicitad[oa]|richiest[oa])\b"
# Anywhere beside it: it is about to be.
_NOT_YET = (
    r"\b(?:to be|to get|be|being|needs?|must|should|will|can be|could be|ready|almost|nearly|partial\w*|partly|half"
    r"|mostly|mainly|largely|virtually|practically|provisional\w*|tentative\w*|close to|just about|about to|not quite"
    r"|not fully|weitgehend|größtenteils|grösstenteils|vorläufig|beinahe|provisoire\w*|provisional\w*"
    r"|await\w*|waiting|waits?|pending|semi|before|until|soon|next|prior|candidate|scheduled|planned|requested|expected"
    r"|bereit|fast|teilweise|wartet|warten|presque|partielle\w*|attente|prêt\w*|casi|parcial\w*|espera\w*|pendiente"
    r"|quase|aguard\w*|quasi|parzial\w*|attesa|bijna|deels|gedeeltelijk|wacht\w*|prawie|częściowo|czeka\w*|oczekuje"
    r"|téměř|částečně|čeká|nästan|delvis|väntar|melkein|почти|частично|ожида\w*|ждет|neredeyse|kısmen|bekl\w*"
    r"|hampir|menunggu|nesten|næsten|halb)\b"
)
_GLUED = r"\b(?:un|in|non|not)-?(?:done|finished|complete[d]?|resolved|closed|solved|fixed|erledigt|accepted)\b"
_GLUED_LATE = r"\bun-?(?:released|merged|deployed|shipped|verified|tested|reviewed|delivered)\b"
_NOT_BEGUN = (
    r"\b(?:nicht|niet|nie|pas|non|no|sin|não|nao|ej|inte|icke|ikke|ei|ne|не)\b(?: \w+)? "
    r"(?:begonnen|angefangen|gestartet|gestart|commenc\w*|début\w*|entam\w*|inici\w*|empez\w*|comenz\w*|começ\w*"
    r"|iniziat\w*|avviat\w*|påbörja\w*|startad\w*|startet|påbegyn\w*|begynt|aloitet\w*|rozpocz\w*|начат\w*"
    r"|zaháj\w*|započat\w*)"
)
# One step of several is over, or it is out where nobody works with it.
_STEP = (
    r"(?:dev|develop|development|coding|code|design|analysis|review|test|tests|testing|qa|build|spec\w*"
    r"|refinement|ux|ui"
    r"|uat|implementation|grooming|planning|entwicklung|desarrollo|desenvolvimento|développement|sviluppo|ontwikkeling"
    r"|recette|analyse|análisis|análise|analisi|pruebas?|testes?|collaudo|conception|diseño|programmierung"
    r"|utveckling|utvikling|udvikling|kehitys|fejlesztés|разработка|тестирование|vývoj)"
)
_STEP_OVER = (
    r"(?:done|completed?|finished|closed|resolved|fertig|erledigt|abgeschlossen|beendet|terminée?s?|finie?s?|achevée?s?"
    r"|terminad[oa]s?|finalizad[oa]s?|concluíd[oa]s?|completat[oaie]|terminat[oaie]|klaar|gereed|afgerond"
    r"|f[eæ]rdig|klart?|valmis|kész|завершен[оа]?|готов[оа]?|hotov[oa]?)"
)
_STEP_DONE = (
    rf"\b{_STEP}(?: is)? {_STEP_OVER}\b"
    rf"|\b(?:done|closed|completed?|finished|resolved) (?:(?:with|by|in) )?{_STEP}\b"
    r"|\bfertig (?:entwickelt|programmiert|getestet|geprüft|umgesetzt)\b"
    r"|\bmerged (?:to|into|in) (?:dev\w*|staging|test)\b"
)
_NOT_LIVE = (
    r"\b(?:deployed|released|shipped|delivered|done|fixed|resolved|completed?) (?:to|on|in|for|at) (?:the )?"
    r"(?:stag\w*|stg|test\w*|qa|dev\w*|uat|sit|int|integration|pre-?prod\w*|pre prod\w*|demo|beta|alpha"
    r"|branch|review)\b"
)
_PERCENT = r"(?<!\d)\d{1,2} ?%"
_SENT_BACK = rf"\b(?:reject\w*|declined|failed) (?:by|in) {_STEP}\b|\b{_STEP} (?:reject\w*|declined|failed)\b"
_TRIAL = r"\b(?:closed|open) (?:beta|alpha|test\w*|pilot)\b"
# "Ready for" in languages in which the word for ready is that for done.
_READY_FOR = (
    r"(?:klaar voor|klar (?:för|til|for|att)|ferdig (?:til|for)|færdig til|готов\w* (?:к|для)|list[oa] para"
    r"|pront[oa] (?:para|per|a)|prêt\w* (?:à|pour)|gotow\w* do|fertig (?:für|zum|zur)|bereit (?:für|zum|zur)"
    r"|hotov\w* k|připraven\w* (?:k|na|pro))"
)
_OTHER_READY = rf"\b{_READY_FOR}\b"
_OTHER_TO_START = (
    rf"\b{_READY_FOR} (?:d[ei]e? |die |le |el |la |il )?(?:desarroll\w*|desenvolv\w*|développ\w*|entwickl\w*|umsetz\w*"
    r"|svilupp\w*|ontwikkel\w*|utveckl\w*|utvikl\w*|разработк\w*|vývoj\w*|rozwoju|planung|start\w*|début\w*)\b"
)
_TO_VERB = r"(?:à|por|zu|da|att|å) \w+|to (?:be )?(?:complet\w*|finish\w*|fix(?:ed)?|resolv\w*|solv\w*|end)"
_TO_START = (
    r"\bready (?:for|to) (?:be )?(?:dev\w*|work\w*|start\w*|begin|refine\w*|groom\w*|plan\w*|sprint\w*|implement\w*"
    r"|pick\w*|do|estimat\w*|analy\w*|design\w*|build\w*|cod\w*|pull\w*)\b"
)
_LATE_STEP = (
    r"\b(?:(?:ready|needs?|waiting|awaiting|pending) (?:for |to |to be )?|to (?:be )?)(?:merg\w*"
    r"|deploy\w*|releas\w*|ship\w*"
    r"|clos\w*|test\w*|review\w*|verif\w*|validat\w*|accept\w*|publish\w*|check\w*|approv\w*|qa|uat"
    r"|deliver\w*|launch\w*"
    r"|go live)\b"
    r"|\b(?:ready|waiting|awaiting|pending) (?:for|to) (?:prod\w*|next)\b"
)
_TO_BE = r"\bto be (?:done|started|planned|refined|estimated|groomed|discussed|defined|specified|assigned)\b"
_TO_DO_WORD = (
    r"\b(?:to ?do|open(?:ed)?|new|backlog|re-?open\w*|selected|unresolved|unstarted|unassigned|planned"
    r"|icebox|offen|neu)\b|^bereit$|^prête?$"
    r"|\bready for dev\w*|\bnot\b"
)
_DOING_WORD = (
    r"progress|review|\bready (?:for|to)\b|\btest|doing|develop|\bqa\b|block|\bactive|started|\bwip\b"
    r"|implement|verif|\bwait|\bawait|\bhold"
    r"|coding|working|building|analysis|design|in arbeit|deploy|merging|releasing|pending|\buat\b|valida|ongoing"
    r"|staging|begonnen|\bwart(?:et|en) auf\b|\bzur (?:abnahme|prüfung|freigabe)\b|\ben recette\b|\bwacht op\b"
)
# A word for done does not help: it stands, or goes on to the next one.
_STANDS = (
    r"\b(?:accepted (?:in|into|for|to) (?:the )?(?:next )?(?:sprint|iteration|planning|work|implementation"
    r"|analysis|design|estimation)|blocked|in review|in prüfung"
    r"|in test\w*|testattavaksi|testiin|tesztelésre|for sprint)\b"
)
# Of a text that is longer than any name of a status, the beginning tells: dozens of patterns go through all of it.
_LONGEST = 500
_ASKING = ("?", "？", "؟")
_EDGES = r"^(?:[^\w%]|\d+(?! ?%)(?=\W))+|[^\w'%]+$"


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    """In lower case, with spaces for hyphens and without what stands around the words, such as numbers or signs."""
    # As programs write several words: "notStarted".
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", name[:_LONGEST])
    text = unicodedata.normalize("NFC", apart).replace("_", " ").replace("-", " ").replace("’", "'")
    # A Turkish İ leaves its dot behind as a sign of its own.
    text = " ".join(text.casefold().replace("i\u0307", "i").split())
    return re.sub(_EDGES, "", text) or text


def named(status: str) -> Category | None:
    """The category of a usual name, in whatever case and with whatever hyphens; None for any other name."""
    name = _plain(status)
    if not name:
        return None
    if name in DONE:
        return Category.DONE
    if name in TO_DO:
        return Category.TODO
    if name in IN_PROGRESS:
        return Category.IN_PROGRESS
    if name.startswith("in "):
        rest = name[3:]
        return Category.TODO if rest in TO_DO else Category.DONE if rest in DONE else Category.IN_PROGRESS
    return None


@lru_cache(maxsize=4096)
def guessed(status: str) -> Category | None:
    """As `named`, else by a telling word and what stands before it; None when there is none."""
    category = named(status)
    if category is not None:
        return category
    name = _plain(status)
    if _is_over_without_result(name):
        return Category.DONE
    return _early(name) or _in_part(name) or _telling(name) or _by_signs(name)


@lru_cache(maxsize=4096)
def given_up(status: str, resolution: str = "") -> str:
    """The tracker's word for work that ended without being done, as it stands there; "" for any other work.

    The resolution says more than the status. Only to be asked of what is done by its category: a resolution may be
    left over from before.
    """
    reason = _plain(resolution)
    if reason in GIVEN_UP or reason in GIVEN_UP_REASONS or _is_over_without_result(reason):
        return resolution.strip()
    if re.match(rf"{_ENDED_WORD}{_WHY_ENDED}", reason):
        return resolution.strip()
    name = _plain(status)
    ended = name in GIVEN_UP or name in FAILED or _is_over_without_result(name)
    ended = ended or (re.search(_ENDED_WORD, name) is not None and guessed(status) is Category.DONE)
    return status.strip() if ended else ""


def is_reason_to_give_up(word: str) -> bool:
    """Whether it says, beside a status, that work ended without being done; "failed" alone may be a test."""
    return bool(given_up("", word)) and not (given_up(word) and guessed(word) is None)


def mentions_done(name: str) -> bool:
    """Whether a word for done is in it, whatever stands before that: "Dev done" and "Released on"."""
    plain = _plain(name)
    return re.search(rf"{_DONE_WORD}|{_DONE_SIGNS}", plain) is not None and not re.search(_ENDED_WORD, plain)


def is_done_step(status: str) -> bool:
    """Whether a status that is in progress says done of a step, as in "Translation done"."""
    return named(status) is None and guessed(status) is Category.IN_PROGRESS and mentions_done(status)


def may_be_a_step(status: str) -> bool:
    """Whether a word for done stands beside words that nobody knows, so that one step of several may be meant, or
    before a question mark."""
    if given_up(status) or guessed(status) is not Category.DONE:
        return False
    if status.rstrip().endswith(_ASKING):
        return True
    if named(status) is not None:
        return False
    return says_more_than_done(plain_words(_plain(status)), rf"{_DONE_WORD}|{_DONE_SIGNS}")


def is_merged(status: str) -> bool:
    """Whether it went into something else by its status: code into more code, or a ticket into another one."""
    return _plain(status) in MERGED


def _is_over_without_result(name: str) -> bool:
    """Whether a word for done stands beside a reason why nothing was done, as in "closed (incomplete)"."""
    words = " ".join(re.sub(r"[^\w']+", " ", name).split())
    first = re.match(rf"(?:{_DONE_WORDS}|{_DONE_SIGNS}|クローズ)\b ?(?:{_AS} )?(?P<reason>.+)", words)
    last = re.fullmatch(rf"(?P<reason>.+?) ?\b(?:{_DONE_WORDS})|(?P<signs>.+?) ?(?:{_DONE_SIGNS})", words)
    reasons = [match[group] for match in (first, last) if match for group in match.re.groupindex]
    return any(reason in each for reason in reasons for each in (GIVEN_UP, GIVEN_UP_REASONS, UNRESOLVED))


def _early(name: str) -> Category | None:
    """Not done yet, though a word in it may say so; None where nothing speaks against that word."""
    if any(re.search(sign, name) for sign in (_TO_START, _TO_BE, _GLUED, _OTHER_TO_START, _NOT_BEGUN)) or re.fullmatch(
        _TO_VERB, name
    ):
        return Category.TODO
    if any(
        re.search(sign, name) for sign in (_GLUED_LATE, _LATE_STEP, _TRIAL, _OTHER_READY, _SENT_BACK, _PERCENT, _STANDS)
    ):
        return Category.IN_PROGRESS
    ended = re.search(_ENDED_WORD, name)
    done = re.search(_DONE_WORD, name)
    if ended is not None:
        before = name[: ended.start()]
        if re.search(_NOT, before):
            return Category.TODO
        is_asked_for = re.match(_ASKED_FOR, name[ended.end() :]) is not None
        return Category.IN_PROGRESS if is_asked_for or re.search(_NOT_YET, before) else None
    if done is None:
        return None
    if re.search(_NOT, name[: done.start()]):
        return Category.TODO
    waits = re.search(_NOT_YET, name) or re.search(_NOT, name[done.end() :])
    return Category.IN_PROGRESS if waits or re.search(_STEP_DONE, name) or re.search(_NOT_LIVE, name) else None


def _in_part(name: str) -> Category | None:
    """In progress where the words beside one for done say that only a part of the work is; else None."""
    words = plain_words(name)
    if says_a_part(words, _DONE_WORD) or signs_say_a_part(name, _DONE_SIGNS):
        return Category.IN_PROGRESS
    # As in "casi hecho": of words that are for done alone, and not in a longer name.
    return Category.IN_PROGRESS if without_almost(words, _NOT_YET) in _DONE_INDEED else None


def _telling(name: str) -> Category | None:
    if re.search(_ENDED_WORD, name):
        return Category.DONE
    if re.search(_TO_DO_WORD, name):
        return Category.TODO
    if re.search(_DONE_WORD, name):
        return Category.DONE
    return Category.IN_PROGRESS if re.search(_DOING_WORD, name) else None


def _by_signs(name: str) -> Category | None:
    """Of scripts that write words without spaces, or languages whose words stand as part of longer names."""
    if re.search(_WAITING_SIGNS, name) or re.search(_STEP_SIGNS, name):
        return Category.IN_PROGRESS
    if re.search(_DONE_SIGNS, name):
        return Category.TODO if re.search(_NOT_SIGNS, name) else Category.DONE
    if re.search(_DOING_SIGNS, name):
        return Category.IN_PROGRESS
    return Category.TODO if re.search(_NOT_SIGNS, name) else None
