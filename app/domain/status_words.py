"""Names of statuses and resolutions, by what they mean, in the languages in which trackers are used. Only data."""

from __future__ import annotations


def _names(*lines: str) -> frozenset[str]:
    """Names written with " | " between them."""
    return frozenset(name.strip() for line in lines for name in line.split("|"))


# Work that ended without being done: as statuses, and as Jira, Azure, GitHub, Linear and YouTrack give resolutions.
GIVEN_UP = _names(
    "cancelled | canceled | cancel | rejected | declined | abandoned | duplicate | duplicated | removed",
    "discarded",
    "won't do | wont do | will not do | won't fix | wont fix | will not fix | wontfix | wontdo | not planned",
    "obsolete",
    "withdrawn | dropped | out of scope | closed as duplicate | closed as not planned | closed won't do | invalid",
    "dismissed | voided | not doing | won't be done | denied",
    "abgebrochen | abgelehnt | verworfen | storniert | duplikat | doppelt | zurückgezogen | wird nicht erledigt",
    "wird nicht behoben | wird nicht gemacht | wird nicht umgesetzt | nicht geplant | hinfällig | obsolet",
    "annulé | annulée | abandonné | abandonnée | rejeté | rejetée | refusé | refusée | doublon | dupliqué",
    "ne sera pas fait | ne sera pas corrigé | ne pas faire | sans suite",
    "cancelado | cancelada | descartado | descartada | rechazado | rechazada | duplicado | duplicada | no se hará",
    "no se corregirá | no se solucionará | no planificado",
    "rejeitado | rejeitada | recusado | recusada | abandonado | abandonada | não será feito | não será corrigido",
    "annullato | annullata | rifiutato | rifiutata | duplicato | scartato | non verrà fatto | non verrà corretto",
    "geannuleerd | afgewezen | duplicaat | vervallen | wordt niet gedaan | wordt niet opgelost",
    "anulowane | anulowany | odrzucone | odrzucony | duplikat | zaniechane | nie zostanie zrobione",
    "zrušeno | zrušené | zamítnuto | odmítnuto | duplicitní | avbruten | avvisad | avslagen | inställd | dubblett",
    "avvist | avbrutt | kansellert | annulleret | afvist | annulleret | peruttu | hylätty | kaksoiskappale",
    "törölve | elutasítva | anulat | respins | iptal | iptal edildi | reddedildi | yinelenen",
    "отменено | отменена | отменен | отменён | отклонено | отклонена | отклонен | дубликат | не будет сделано",
    "не будет исправлено | не будем делать | скасовано | відхилено | дублікат | đã hủy | hủy | bị từ chối",
    "dibatalkan",
    "ditolak | ยกเลิก | ملغي | ملغى | مرفوض | בוטל | נדחה",
    "キャンセル | キャンセル済み | 中止 | 却下 | 重複 | 対応しない | 修正しない | 見送り | 已取消 | 取消 | 已拒绝",
    "已拒絕 | 重复 | 不做 | 不修复",
    "作废 | 已废弃 | 취소 | 취소됨 | 거부됨 | 반려 | 중복 | 하지 않음",
)

# Reasons only: a status of that name says that work is to come.
GIVEN_UP_REASONS = _names(
    "cannot reproduce | can't reproduce | could not reproduce | not reproducible | incomplete | not a bug",
    "works for me",
    "worksforme | not an issue | as designed | works as designed | by design | cut | deferred | copied to backlog",
    "not applicable | no longer relevant | no longer needed | overtaken by events | not fixed | not done",
    "superseded",
    "nicht reproduzierbar | kein fehler | unvollständig | impossible à reproduire | incomplet",
    "no se puede reproducir",
    "não é possível reproduzir | não reproduzível | impossibile riprodurre | niet reproduceerbaar | onvolledig",
    "nie można odtworzyć | невозможно воспроизвести | не воспроизводится | 再現不可 | 再現しない | 无法重现",
    "無法重現",
    "재현할 수 없음",
)

DONE = GIVEN_UP | _names(
    "done | closed | close | resolved | complete | completed | finished | released | deployed | delivered",
    "merged",
    "accepted | verified | live | archived | shipped | in production | in prod | on production | published",
    "launched",
    "fixed | solved | all done | done done | ✓ | ✔ | ☑ | ✅",
    "fertig | erledigt | geschlossen | gelöst | abgeschlossen | beendet | behoben | ausgeliefert | veröffentlicht",
    "terminé | terminée | fermé | fermée | résolu | résolue | fini | finie | livré | livrée | fait | clos",
    "clôturé",
    "hecho | hecha | finalizada | finalizado | listo | lista | cerrado | cerrada | resuelta | resuelto",
    "terminado",
    "terminada | completado | completada | entregado",
    "concluído | concluída | feito | feita | fechado | fechada | resolvido | resolvida | pronto | entregue",
    "itens concluídos | chiuso | chiusa | completato | completata | fatto | fatta | finito | risolto",
    "gereed | voltooid | afgerond | klaar | gesloten | opgelost | afgesloten",
    "gotowe | zrobione | ukończone | zakończone | zamknięte | rozwiązane | wykonane | gotowy | zamknięty",
    "zakończony",
    "hotovo | hotové | dokončeno | uzavřeno | uzavřené | vyřešeno | vyriešené | uzavreté",
    "klar | klart | klara | stängd | stängt | avslutad | löst | färdig | färdigt | ferdig | lukket | fullført",
    "løst",
    "færdig | afsluttet | udført | valmis | suljettu | ratkaistu | kész | lezárva | lezárt | befejezve | megoldva",
    "finalizat | închis | rezolvat | gata | terminat | tamam | tamamlandı | bitti | kapalı | kapatıldı | çözüldü",
    "готово | готов | завершено | завершена | закрыто | закрыта | закрыт | выполнено | выполнена | решено | решен",
    "сделано | виконано | зроблено | закрито | вирішено | завършено | затворено | ολοκληρώθηκε | κλειστό",
    "hoàn thành | đã hoàn thành | xong | đã xong | đã đóng | đóng | selesai | ditutup | siap | tapos na",
    "เสร็จสิ้น | เสร็จแล้ว | เสร็จ | ปิด | ปิดแล้ว | تم | مكتمل | مغلق | منجز | تم الانتهاء | הושלם | סגור | בוצע",
    "पूर्ण | पूरा | हो गया | बंद | انجام شد | بسته",
    "完了 | 完了済み | 完了済 | 完成 | 終了 | クローズ | クローズ済み | 解決済み | 解決済 | 解決 | 対応済み",
    "対応済 | 処理済み | リリース済み",
    "已完成 | 已关闭 | 已關閉 | 关闭 | 關閉 | 已解决 | 已解決 | 解决 | 已结束 | 已發布 | 已发布 | 已上线 | 已上線",
    "已交付 | 完毕 | 結束",
    "완료 | 완료됨 | 종료 | 종료됨 | 닫힘 | 해결됨 | 해결 | 끝 | 배포 완료",
)

IN_PROGRESS = _names(
    "doing | started | active | wip | developing | development | implementing | testing | test | qa | review",
    "reviewing",
    "verification | verifying | validation | blocked | impeded | waiting | staging | ongoing | progress",
    "committed | assigned",
    "code review | peer review | on hold | under review | being tested | deploying | merging | releasing",
    "closing",
    "finishing | deployment | pending | ready for review | ready for test | ready for testing | ready for qa",
    "ready for release | ready to release",
    "in arbeit | in bearbeitung | in prüfung | en cours | en curso | em andamento | in corso | mee bezig",
    "läuft | begonnen | en progreso | em progresso | in behandeling | bezig | w toku | w trakcie | probíhá",
    "v procesu",
    "pågår | pågående | pågår nå | igang | i gang | igångsatt | käynnissä | työn alla | folyamatban | în lucru",
    "în curs | devam ediyor | yapılıyor | в работе | в процессе | выполняется | в роботі | в процесі | σε εξέλιξη",
    "đang làm | đang thực hiện | đang tiến hành | đang xử lý | sedang dikerjakan | dalam proses | กำลังดำเนินการ",
    "กำลังทำ | قيد التنفيذ | جاري العمل | בתהליך | בעבודה | प्रगति में | प्रगति पर है",
    "進行中 | 作業中 | 対応中 | 処理中 | 着手中 | 进行中 | 正在进行 | 处理中 | 處理中 | 개발중 | 진행 중 | 진행중",
    "작업 중 | en proceso | en desarrollo | en ejecución | haciendo | en développement | en traitement",
    "em execução | em desenvolvimento | em processo | fazendo | in lavorazione | in sviluppo | in esecuzione",
    "in uitvoering | onderhanden | w realizacji | v práci | řeší se | under arbete | under udvikling | kesken",
    "tekeillä | в разработке | делаем | делается | 実行中 | 仕掛中 | 仕掛かり中 | 开发中 | 执行中 | 하는 중",
)

TO_DO = _names(
    "todo | new | open | opened | reopened | backlog | ready | proposed | approved | selected | planned",
    "unstarted",
    "triage | draft | to do | selected for development | ready for development | no status | incomplete",
    "unfinished | unconfirmed",
    "undone | not done | not started | icebox | ideas | later | someday | accepted for development",
    "neu | offen | geplant | zu erledigen | wiedereröffnet | à faire | a faire | ouvert | nouveau | rouvert",
    "por hacer | tareas por hacer | pendiente | abierto | nuevo | a fazer | tarefas pendentes | pendente | aberto",
    "novo",
    "itens pendentes | da completare | da fare | aperto | nuovo | te doen | openstaand | nieuw | heropend",
    "do zrobienia | otwarte | nowe | do wykonania | udělat | k řešení | nové | otevřené | att göra | öppen | ny",
    "å gjøre",
    "gjøremål | åpen | at gøre | tehtävät | avoin | uusi | elvégzendő | teendő | nyitott | új | de făcut",
    "deschis",
    "yapılacak | yapılacaklar | açık | yeni | к выполнению | сделать | открыто | открыт | новая | новый",
    "до виконання",
    "відкрито | εκκρεμεί | cần làm | chưa bắt đầu | mới | akan dikerjakan | baru | สิ่งที่ต้องทำ | للتنفيذ",
    "מטלות לביצוע",
    "시작 전 | 시작 안 함",
    "未着手 | 未対応 | 未完了 | オープン | 新規 | 待办 | 待辦 | 待处理 | 待處理 | 未开始 | 未開始 | 未完成 | 新建",
    "할 일 | 해야 할 일 | 미완료 | 대기",
)
