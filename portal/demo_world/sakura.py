"""Sakura, Tokyo, under `purecloud`: Kenji writes in Japanese, and so does the care team to him."""

from uuid import UUID

from .files import screenshot
from .story import Ago, At, Story, accept, ask, call, note, propose, reply, restored, scope, severity, take, third_party

STORIES = [
    Story(
        "sakura",
        "kenji",
        At(4, "13:05"),
        "critical",
        "すべてのエージェントが着信を受けられません",
        "13時ごろから、大阪と東京のすべてのエージェントで着信が鳴りません。発信は可能です。お客様には話中音が流れています。",
        [
            take(At(4, "13:08"), "agent2"),
            call(
                At(4, "13:20"),
                "agent2",
                "佐藤様とお電話。全拠点で着信不可であることを確認。復旧の見込みは30分以内に改めてご連絡することをお約束しました。",
                started=At(4, "13:10"),
            ),
            scope(At(4, "13:25"), "agent2", "PLATFORM"),
            reply(
                At(4, "13:40"),
                "agent2",
                "原因は東京リージョンの着信振り分けの障害です。現在、待機系への切り替えを進めております。",
            ),
            restored(At(4, "14:35"), "agent2", at=At(4, "14:28")),
            propose(
                At(4, "15:10"),
                "agent2",
                "着信振り分けを待機系へ切り替え、14時28分に復旧しました。以後、着信は正常です。根本原因分析は別途お送りします。",
                preliminary="現時点で判明している原因は、東京リージョンの着信振り分けサーバーのディスク障害です。待機系への自動切り替えが働きませんでした。",
            ),
            accept(At(4, "15:42"), "kenji"),
        ],
        intake={
            "product_area": "voice",
            "workability": "NO",
            "workaround": "NO",
            "users_affected": "エージェント220名、東京・大阪",
            "business_impact": "注文窓口が全面停止しています。1時間あたり約900件の着信に影響します。",
            "reachable_name": "佐藤 健二",
            "reachable_phone": "+81 90 1234 0172",
            "is_impact_significant": True,
        },
    ),
    Story(
        "sakura",
        "kenji",
        At(5, "10:40"),
        "high",
        "通話録音の検索結果に一部の録音が表示されない",
        "先週以降の録音を検索すると、件数が実際の通話数より2割ほど少なく表示されます。会話IDを指定すると再生できます。",
        [
            take(At(5, "10:55"), "agent2"),
            reply(
                At(5, "11:20"),
                "agent2",
                "ご連絡ありがとうございます。いただいた会話IDで同じ現象を確認しました。検索用の索引を調べております。",
            ),
            note(
                At(4, "16:30"),
                "agent2",
                "Index shard 7 stopped on Monday 02:10 JST; 18 % of documents missing. Handed to development.",
            ),
            third_party(
                At(3, "11:00"), "agent2", "開発部門（検索チーム）", "SEARCH-4471", "https://tracker.care.example/SEARCH-4471"
            ),
            reply(
                At(3, "11:10"),
                "agent2",
                "索引の再作成を開発部門に依頼しました。完了まで数日かかる見込みです。進み次第ご報告いたします。",
            ),
        ],
        files=(screenshot("録音検索.png", "Interactions", "184 of 231 recordings", "Search index incomplete"),),
        intake={
            "product_area": "recording",
            "workability": "DEGRADED",
            "workaround": "YES",
            "users_affected": "品質管理チーム8名",
            "conversation_ids": (UUID("3e5a9c71-0b84-4d16-a2f7-c98d6041be52"),),
            "frequency": "常に",
        },
    ),
    Story(
        "sakura",
        "kenji",
        Ago(35),
        "medium",
        "ウォールボードの待ち呼数が実際と合わない",
        "ウォールボードの待ち呼数が0のまま変わりませんが、実際には3件お待ちいただいています。画面を開き直しても同じです。",
        intake={
            "product_area": "reporting",
            "workability": "YES",
            "workaround": "UNKNOWN",
            "conversation_ids": (UUID("90b7e2d4-61f8-4a3c-8e15-27cd5f0a9b36"),),
            "steps": "1. ウォールボードを開く\n2. 待ち呼が発生するのを待つ",
        },
    ),
    Story(
        "sakura",
        "kenji",
        At(6, "09:15"),
        "low",
        "月次レポートの出力形式について",
        "月次レポートをCSVで出力する際、文字コードをUTF-8(BOM付き)にすることはできますか。",
        [
            take(At(5, "13:00"), "agent2"),
            reply(
                At(5, "14:20"),
                "agent2",
                "お返事が遅くなり申し訳ございません。出力設定の「Excel用」を選ぶとBOM付きのUTF-8になります。",
            ),
        ],
        case_type="QUESTION",
        intake={"product_area": "reporting", "workability": "YES"},
    ),
    Story(
        "sakura",
        "kenji",
        At(2, "15:30"),
        "high",
        "チャットの翻訳候補が表示されなくなった",
        "昨日の夕方から、英語のチャットに対する翻訳候補が表示されません。エージェントは外部サイトで翻訳しています。",
        [
            take(At(2, "15:45"), "agent2"),
            reply(At(2, "15:48"), "agent2", "ご連絡ありがとうございます。翻訳候補の設定を確認いたします。"),
            severity(At(2, "15:50"), "agent2", 3, "外部サイトで翻訳できるため、業務は続けられると判断しました。"),
            ask(
                At(1, "10:05"),
                "agent2",
                "お世話になっております。影響を受けたチャットの会話IDを2件ほどお知らせいただけますでしょうか。",
            ),
        ],
        intake={"product_area": "digital", "workability": "DEGRADED", "workaround": "YES", "users_affected": "英語窓口12名"},
    ),
]
