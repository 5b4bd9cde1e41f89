"""What a status' name says by itself."""

import pytest

from app.domain.statuses import given_up, guessed, may_be_a_step, named
from store.records import Category

TODO, DOING, DONE = Category.TODO, Category.IN_PROGRESS, Category.DONE


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Done", Category.DONE),
        ("WON'T_DO", Category.DONE),
        ("In-Review", Category.IN_PROGRESS),
        ("in Prüfung", Category.IN_PROGRESS),
        ("Backlog", Category.TODO),
        ("", None),
        ("Parking lot", None),
    ],
)
def test_usual_names_are_known_in_whatever_case_and_with_hyphens(status: str, expected: Category | None) -> None:
    assert named(status) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Not started yet", Category.TODO),
        ("Closed by support", Category.DONE),
        ("Customer acceptance testing", Category.IN_PROGRESS),
        ("Parking lot", None),
    ],
)
def test_other_names_are_guessed_by_a_telling_word(status: str, expected: Category | None) -> None:
    assert guessed(status) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("To be closed", DOING),
        ("To be done", TODO),
        ("Needs to be merged", DOING),
        ("Ready to close", DOING),
        ("Ready to be shipped", DOING),
        ("Nearly finished", DOING),
        ("Partly delivered", DOING),
        ("Half-done", DOING),
        ("90 % complete", DOING),
        ("Pending release", DOING),
        ("Awaiting deployment", DOING),
        ("Waiting to be resolved", DOING),
        ("Done, not released", DOING),
        ("Release candidate", None),
        ("Merging", DOING),
        ("Never finished", TODO),
        ("Noch nicht fertig", TODO),
        ("Fast fertig", DOING),
        ("Non terminé", TODO),
        ("Casi terminado", DOING),
        ("Klaar voor test", DOING),
        ("Не готово", TODO),
    ],
)
def test_a_word_for_done_is_read_with_what_stands_beside_it(status: str, expected: Category | None) -> None:
    assert guessed(status) == expected


@pytest.mark.parametrize("status", ["Incomplete", "Unfinished", "Undone", "Un-resolved", "Unclosed", "Nonfinished"])
def test_a_word_for_done_says_the_opposite_behind_a_glued_negation(status: str) -> None:
    assert guessed(status) == TODO


@pytest.mark.parametrize("status", ["Dev done", "Code complete", "Testing completed", "QA rejected", "Review closed"])
def test_one_finished_step_of_several_is_work_in_progress(status: str) -> None:
    assert guessed(status) == DOING


def test_what_is_out_for_a_trial_is_not_done_but_what_is_out_for_all_is() -> None:
    assert [guessed(name) for name in ("Deployed to staging", "Released to beta", "In closed beta")] == [DOING] * 3
    assert [guessed(name) for name in ("Deployed to production", "Released", "In prod")] == [DONE] * 3


@pytest.mark.parametrize("status", ["Abandoned by the customer", "Renewal done", "100 % complete", "Newly released"])
def test_a_word_inside_another_word_says_nothing(status: str) -> None:
    """The "done" in abandoned, the "new" in renewal and newly."""
    assert guessed(status) == DONE


@pytest.mark.parametrize("status", ["✅ Done", "3. Done", "(5) Closed", "Done!", "5 - Done", "Done 🎉"])
def test_numbers_and_signs_around_a_name_change_nothing(status: str) -> None:
    assert named(status) == DONE


_NAMES = {
    DONE: "Signed off | Abgenommen | Ausgerollt | Produktiv"
    " | 完了 | 已完成 | 已解決 | 완료 | Готово | Gotowe | Hotovo | Klart | Valmis | Kész | Tamamlandı | Hoàn thành"
    " | Selesai | เสร็จสิ้น | تم | הושלם",
    DOING: "進行中 | 进行中 | 處理中 | 진행 중 | В работе | W toku | Probíhá | Pågår | Käynnissä | Folyamatban"
    " | Devam ediyor | Đang thực hiện | Sedang dikerjakan | กำลังดำเนินการ | قيد التنفيذ | בתהליך",
    TODO: "未着手 | 待办 | 待辦 | 할 일 | К выполнению | Do zrobienia | Udělat | Att göra | Tehtävät | Teendő"
    " | Yapılacak | Cần làm | Baru | สิ่งที่ต้องทำ | للتنفيذ | מטלות לביצוע",
}


@pytest.mark.parametrize(
    ("name", "category"), [(name, category) for category, names in _NAMES.items() for name in names.split(" | ")]
)
def test_usual_names_are_known_in_the_languages_of_the_trackers(name: str, category: Category) -> None:
    assert named(name) is category


def test_signs_that_say_not_yet_are_read_in_scripts_without_spaces() -> None:
    assert [guessed(name) for name in ("未完了のもの", "待完成", "작업 완료", "リリース完了", "開発中のもの")] == [
        TODO, TODO, DONE, DONE, DOING,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "resolution",
    ["Won't Do", "NOT_PLANNED", "DUPLICATE", "Duplikat", "Wird nicht erledigt", "Ne sera pas fait", "Cannot Reproduce"],
)
def test_work_that_ended_without_being_done_is_told_by_its_resolution(resolution: str) -> None:
    assert given_up("Closed", resolution) == resolution


@pytest.mark.parametrize(
    "status",
    [
        "Canceled",
        "Rejected",
        "Cancelled by customer",
        "Can't Reproduce",
        "Nicht reproduzierbar",
        "已取消",
        "İptal edildi",
        "キャンセル済み",
    ],
)
def test_or_by_its_status_whatever_the_resolution(status: str) -> None:
    assert [given_up(status, resolution) for resolution in ("", "Fixed")] == [status, status]


@pytest.mark.parametrize(
    ("status", "resolution"), [("Done", "Done"), ("Closed", "COMPLETED"), ("Archived", ""), ("Not cancelled", "")]
)
def test_work_that_was_done_was_not_given_up(status: str, resolution: str) -> None:
    assert given_up(status, resolution) == ""


@pytest.mark.parametrize(
    "status",
    ["Mostly done", "Close to done", "Just about finished", "Provisionally done", "Done by dev", "Closed in dev",
     "Merged to develop", "Fertig entwickelt", "Entwicklung abgeschlossen", "Weitgehend fertig", "レビュー完了",
     "测试完成", "开发已完成", "リリース準備完了", "リリース待ち", "待发布", "배포 대기"],
)  # fmt: skip
def test_what_waits_for_its_next_step_is_work_in_progress(status: str) -> None:
    assert guessed(status) is DOING


@pytest.mark.parametrize("status", ["Ej klar", "Inte klar", "Ikke ferdig"])
def test_scandinavian_negations_are_read(status: str) -> None:
    assert guessed(status) is TODO


_ENDED = (
    "Closed unsuccessful | Closed Incomplete | Closed Skipped | Closed (Duplicate) | Closed: Won't Do | closed_wontfix"
    " | Resolved - not reproducible | Closed without resolution | Closed unresolved | Expired | Timed out | Superseded"
    " | Aborted | Deleted | Not needed | Will not implement | By design | No action required | Trashed"
    " | Erfolglos geschlossen | Nicht erfolgreich geschlossen | Geschlossen (Duplikat) | Entfällt | Zurückgewiesen"
    " | Ungültig | Gestrichen | Clos sans suite | Fermé sans succès | Clos sans succès | Résolu - doublon | Obsolète"
    " | Cerrado sin éxito | Cerrado (duplicado) | Desestimado | Anulada | No procede | Chiuso senza successo | Respinto"
    " | Niet succesvol gesloten | Gesloten zonder succes | Ingetrokken | Afgekeurd | Fechado sem sucesso | Indeferido"
    " | Fora de escopo | Zamknięte bez powodzenia | Wycofane | Anulowano | Stängt utan framgång | Avböjd | Makulerad"
    " | Lukket uden succes | Trukket tilbage | Bortfaldet | Lukket uten hell | Henlagt | Vil ikke bli gjort"
    " | Suljettu epäonnistuneena | Ei toteuteta | Rauennut | Закрыт неуспешно | Закрыт как дубликат | Отказано"
    " | Устарело | クローズ(重複) | 対応不要 | 不採用 | 取り下げ | 关闭(重复) | 已撤销 | 无效 | 失败关闭 | 不予处理"
)


@pytest.mark.parametrize("status", _ENDED.split(" | "))
def test_words_for_work_that_ended_without_being_done_are_known_in_the_languages_of_the_trackers(status: str) -> None:
    assert (guessed(status), given_up(status)) == (DONE, status)
    assert given_up("Closed", status) == status


@pytest.mark.parametrize("status", ["Pending auto close-", "Warten auf erfolglos schließen", "Waiting to be cancelled"])
def test_what_waits_for_its_end_has_not_ended(status: str) -> None:
    assert guessed(status) is DOING


@pytest.mark.parametrize(
    ("status", "resolution"),
    [("Done", "Unresolved"), ("Closed successful", ""), ("Erfolgreich geschlossen", ""), ("Closed with workaround", ""),
     ("Merged", ""), ("Closed (Complete)", ""), ("Done", "Fixed a duplicate row"), ("Clos avec succès", "")],
)  # fmt: skip
def test_words_beside_it_that_give_no_reason_give_nothing_up(status: str, resolution: str) -> None:
    assert (guessed(status), given_up(status, resolution)) == (DONE, "")


@pytest.mark.parametrize(
    "resolution",
    ["Rejected emails are retried now", "Won't crash any more on start", "Expired tokens are renewed",
     "Obsolete driver replaced"],
)  # fmt: skip
def test_a_sentence_that_begins_with_a_word_for_giving_up_tells_what_was_done(resolution: str) -> None:
    assert given_up("Closed", resolution) == ""


@pytest.mark.parametrize(
    "resolution", ["Cancelled by customer", "Duplicate of ABC-12", "Rejected (budget)", "Abgelehnt durch Vertrieb"]
)
def test_who_or_why_may_follow_a_word_for_giving_up(resolution: str) -> None:
    assert given_up("Closed", resolution) == resolution


_STEPS_OVER = (
    "Développement terminé | Dev terminé | Tests terminés | Recette terminée"
    " | Desarrollo terminado | Pruebas terminadas | Análisis terminado"
    " | Desenvolvimento concluído | Testes concluídos | Sviluppo completato"
    " | Ontwikkeling klaar | Test klaar | Nesten ferdig | Næsten færdig | ほぼ完了 | 即将完成 | 거의 완료"
    " | Halb fertig | Nincs kész | Valmis testattavaksi | Kész tesztelésre | Done (blocked)"
    " | Done, in review | Fertig - in Prüfung | Finished coding | Accepted for sprint"
)


@pytest.mark.parametrize("status", _STEPS_OVER.split(" | "))
def test_a_step_that_is_over_or_nearly_so_is_no_work_that_is_done(status: str) -> None:
    assert guessed(status) in (TODO, DOING)


def test_what_failed_was_given_up_once_it_ended() -> None:
    assert given_up("Failed") == "Failed"
    assert given_up("Fehlgeschlagen") == "Fehlgeschlagen"
    assert guessed("Failed") is None


NOT_BEGUN = ("Niet begonnen", "Nog niet begonnen", "Pas commencé", "Sin empezar", "No iniciado", "Não iniciada",
             "Non iniziato", "Ej påbörjad", "Ikke påbegynt", "Ei aloitettu")  # fmt: skip


@pytest.mark.parametrize("status", NOT_BEGUN)
def test_what_has_not_begun_is_to_do_in_every_language(status: str) -> None:
    assert guessed(status) is Category.TODO


def test_words_that_programs_write_together_are_read_apart() -> None:
    assert guessed("notStarted") is Category.TODO
    assert guessed("waitingOnOthers") is Category.IN_PROGRESS


_PARTS = (
    # A stage of the work, whatever stands between.
    "Discovery complete | Requirements are complete | Prototype - done | Phase 2 completed | Estimates done"
    " | Draft done"
    " | Grobkonzept fertig | Konzept ist erledigt | Umsetzung (fertig) | Implementierung erfolgreich abgeschlossen"
    " | Frontendentwicklung abgeschlossen | Cadrage terminé | Conception : terminée | Diseño finalizado | Fase 1 hecha"
    " | Análise concluída | Analisi completata | Ontwerp afgerond | Analiza zakończona | Návrh dokončen"
    " | Utveckling avslutad | Toteutus valmis | Tervezés kész | Analiză finalizată | Tasarım tamamlandı"
    " | Дизайн готов | Аналіз завершено | Desain selesai | Thiết kế hoàn thành | 要件定義完了 | 需求完成 | 기획 완료"
    # Where nobody works with it yet.
    " | Deployed (test) | Deployed: UAT | Deployed – Staging | Released [beta] | Fixed (dev) | Merged (develop)"
    " | UAT deployed | Rolled out in sandbox | Ausgerollt (Testumgebung) | Livré (préprod) | Desplegado - pruebas"
    " | Выпущен (тест) | 测试环境已发布 | ステージング環境リリース完了"
    # Almost, in part, soon.
    " | Nahezu fertig | Bald erledigt | Zum Teil geschlossen | Bientôt fini | En partie résolu | Casi hecho"
    " | Quasi fatto"
    " | Em breve concluído | Vrijwel klaar | Niemal gotowe | Skoro uzavřeno | Snart klar | Lähes valmis | Részben kész"
    " | Aproape gata | Kısmen tamamlandı | Скоро готово | Майже готово | Hampir selesai | Sắp xong"
    " | 基本完成 | 一部完了 | 일부 완료 | เกือบเสร็จแล้ว"
    # It is being done, or nobody looked at it.
    " | Wird abgeschlossen | Wordt gesloten | Będzie zamknięte | Будет закрыто | Fertig (ungetestet) | Klaar - ongetest"
    " | Done - please verify | Cancellation requested | Accepted into sprint"
)


@pytest.mark.parametrize("status", _PARTS.split(" | "))
def test_a_part_that_is_done_is_no_work_that_is(status: str) -> None:
    assert (guessed(status), given_up(status)) == (DOING, "")


@pytest.mark.parametrize(
    "status",
    ["Released (production)", "Deployed to prod (from test)", "Done (verified)", "Done in phase 2", "Wurde geschlossen",
     "Deployed & tested", "本番リリース完了", "正式环境已发布", "Closed/Resolved", "Design system released"],
)  # fmt: skip
def test_what_is_out_for_all_or_was_done_in_a_phase_is_done(status: str) -> None:
    assert guessed(status) is DONE


def test_words_that_nobody_knows_beside_one_for_done_may_name_a_step() -> None:
    steps = ["Contract done", "Renewal done", "Drehbuch fertig", "仕入れ完了"]
    assert [guessed(name) for name in steps] == [DONE] * len(steps)
    assert [may_be_a_step(name) for name in steps] == [True] * len(steps)
    plain = ["Done", "Closed by support", "Done in Q3", "Released v1.2", "Erfolgreich geschlossen",
             "Closed (duplicate)", "Work completed", "Dev done", "Open", "100 % complete"]  # fmt: skip
    assert [may_be_a_step(name) for name in plain] == [False] * len(plain)


def test_of_a_text_longer_than_any_name_the_beginning_tells() -> None:
    assert guessed("Done " + "word " * 1_000_000) is guessed("Done " + "word " * 99)
    assert guessed("word " * 100 + "Done") is guessed("word " * 99)


@pytest.mark.parametrize("name", ["To complete", "To be completed", "to finish", "To fix", "To be resolved"])
def test_a_verb_for_the_end_is_asked_for_and_not_done(name: str) -> None:
    assert guessed(name) is Category.TODO


@pytest.mark.parametrize("name", ["Accepted for work", "Accepted for implementation", "Accepted into analysis"])
def test_what_is_accepted_for_work_is_not_done(name: str) -> None:
    assert guessed(name) is Category.IN_PROGRESS
    assert guessed("Accepted by the customer") is Category.DONE


def test_done_with_a_question_mark_may_be_less_and_says_so() -> None:
    asking = ["Done?", "Done???", "Fertig?", "Closed ?", "完了？"]
    assert [guessed(name) for name in asking] == [DONE] * len(asking)
    assert [may_be_a_step(name) for name in asking] == [True] * len(asking)
    assert [may_be_a_step(name) for name in ("Done!", "Open?", "Duplicate?")] == [False] * 3
