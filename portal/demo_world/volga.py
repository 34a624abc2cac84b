"""Volga, Moscow, under `360dialog` Premium: Olga writes in Russian, and so does the care team to her. Boris asks to become a contact."""

from .files import console_log
from .story import Ago, At, Story, call, close, note, reply, scope, severity, take, third_party

API_REQUEST = """POST /v1/messages HTTP/1.1
Host: waba-v2.360dialog.io
D360-API-KEY: sk_live_8fJ2kQ9xVb4LmT7zRw1cYp6N
Content-Type: application/json

{"to": "79160152461", "type": "template", "template": {"name": "order_ready", "language": {"code": "ru"}}}"""
API_RESPONSE = '{"errors": [{"code": 1013, "title": "User is not valid", "details": "recipient unknown"}]}'

STORIES = [
    Story(
        "volga",
        "olga",
        Ago(150),
        "critical",
        "Не отправляется ни одно сообщение WhatsApp",
        "С 9:40 все исходящие сообщения возвращают ошибку 503. Входящие приходят. Остановлены уведомления о заказах для всех магазинов.",
        [
            take(Ago(146), "agent"),
            reply(
                Ago(138),
                "agent",
                "Здравствуйте, Ольга!\n\nОшибка подтверждена: очередь отправки для вашего номера остановлена. Мы перезапускаем её и следим "
                "за результатом.",
            ),
            note(Ago(130), "agent", "Sender queue stuck on a poisoned template message. Escalated to the messaging on-call."),
            reply(
                Ago(60),
                "agent",
                "Очередь снова работает, отправлено 70 % накопившихся сообщений. Остальные уйдут в течение двух часов; мы продолжаем "
                "наблюдать.",
            ),
        ],
        channel="CHAT",
        intake={
            "product_area": "whatsapp-api",
            "workability": "NO",
            "workaround": "NO",
            "users_affected": "Все 34 магазина",
            "business_impact": "Покупатели не узнают о готовности заказов; около 1200 сообщений в час.",
            "reachable_name": "Ольга Смирнова",
            "reachable_phone": "+7 916 015 24 61",
            "is_impact_significant": True,
        },
    ),
    Story(
        "volga",
        "olga",
        At(3, "12:15"),
        "major",
        "Meta отклоняет шаблон без объяснения",
        "Шаблон «order_ready» отклонён в третий раз. В ответе нет причины, текст не менялся с прошлого года.",
        [
            take(At(3, "12:25"), "agent"),
            reply(
                At(3, "12:40"),
                "agent",
                "Здравствуйте, Ольга! Отказ пришёл от Meta, с нашей стороны шаблон принят. Мы передали запрос в поддержку Meta.",
            ),
            scope(At(3, "12:45"), "agent", "THIRD_PARTY", "Шаблоны проверяет Meta, ускорить её решение мы не можем."),
            third_party(At(3, "12:50"), "agent", "Meta", "META-55120348", "https://support.meta.example/55120348"),
        ],
        intake={"product_area": "templates", "workability": "DEGRADED", "workaround": "YES", "users_affected": "Отдел доставки"},
    ),
    Story(
        "volga",
        "olga",
        At(5, "16:20"),
        "minor",
        "Отчёт о расходах показывает не ту валюту",
        "В отчёте за прошлый месяц суммы указаны в долларах, хотя договор в евро. Сами числа верны.",
        [
            take(At(5, "16:30"), "agent"),
            reply(
                At(5, "16:44"),
                "agent",
                "Здравствуйте, Ольга! Вижу то же самое. Передаю специалистам по расчётам и вернусь с ответом.",
            ),
            note(At(4, "11:00"), "agent", "Billing: currency of the account was migrated wrongly. Fix in review, no date yet."),
        ],
        channel="WEB_FORM",
        intake={"product_area": "billing", "workability": "YES"},
    ),
    Story(
        "volga",
        "olga",
        At(9, "11:05"),
        "major",
        "Ошибка 1013 для номеров, которые точно существуют",
        "Для части номеров API отвечает «User is not valid», хотя получатели пишут нам сами. Запрос и ответ приложены.",
        [
            take(At(9, "11:12"), "agent"),
            call(
                At(9, "11:34"),
                "agent",
                "Разговор с Ольгой Смирновой: ошибка только для номеров, подключённых после 1-го числа.",
                started=At(9, "11:20"),
            ),
            reply(
                At(9, "15:10"),
                "agent",
                "Причина найдена: новые номера не попали в кэш контактов. Кэш перестроен, проверьте, пожалуйста.",
            ),
            reply(At(9, "16:02"), "olga", "Проверили, теперь всё уходит. Спасибо!"),
            close(At(9, "16:20"), "agent", "Кэш контактов перестроен; сообщения на новые номера доходят."),
        ],
        files=(
            console_log(
                "api-errors.log",
                "INFO POST /v1/messages 200",
                "ERROR POST /v1/messages 400 1013 User is not valid",
                "ERROR POST /v1/messages 400 1013 User is not valid",
            ),
        ),
        intake={
            "product_area": "whatsapp-api",
            "workability": "DEGRADED",
            "workaround": "NO",
            "api_request": API_REQUEST,
            "api_response": API_RESPONSE,
            "frequency": "Около 4 % отправок",
        },
    ),
    Story(
        "volga",
        "olga",
        At(2, "10:10"),
        "critical",
        "Задержка доставки до двадцати минут",
        "Сообщения доходят, но с задержкой до двадцати минут. Для кодов подтверждения это слишком долго.",
        [
            take(At(2, "10:16"), "agent"),
            reply(At(2, "10:28"), "agent", "Здравствуйте, Ольга! Задержка видна на наших графиках. Ищем узкое место."),
            severity(At(2, "10:45"), "agent", 2, "Сообщения доходят; главная функция работает с задержкой."),
        ],
        intake={
            "product_area": "whatsapp-api",
            "workability": "DEGRADED",
            "workaround": "NO",
            "reachable_name": "Ольга Смирнова",
            "reachable_phone": "+7 916 015 24 61",
        },
    ),
    Story(
        "volga",
        "boris",
        Ago(290),
        "minor",
        "Прошу сделать меня контактным лицом Volga",
        "Я отвечаю за рассылки в выходные. Области ответственности прочитаны, обучение пройдено, с сервисом работаю два года.",
        case_type="ACCESS",
        channel="WEB_FORM",
        logged_by="manager",
        logged_after=12,
    ),
]
