"""Languages of short questions and of texts."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language import detect

QUESTIONS = {
    "zh": """总营收是多少?|快手的CEO是谁|可灵AI是什么|这座桥什么时候通车？|谁写了这本书
        公司有几个车间
        iPhone 15 Pro Max的价格是多少?|为什么股价下跌了|那毛利率呢？|你好|导演是哪国人
        净利润同比增长多少
        《The Lord of the Rings》的导演是谁?""",
    "zh-Hant": """快手是什麼|營收多少|這座橋何時通車？|誰寫了這本書|公司總共有幾間門市
        為什麼股價下跌
        臺北到高雄要多久|那毛利率呢？請說明|導演是哪國人|董事長的名字是甚麼""",
    "ja": """快手の売上高は?|社長は誰ですか|いつ開通しましたか|東京の人口はどのくらい？
        なぜ株価が下がったのか
        カメラの値段は|売上高と純利益を教えて|AIとは何か|この本の著者は？|前年比は？""",
    "ko": """매출은 얼마인가요?|사장이 누구예요|다리는 언제 개통됐나요?|왜 주가가 떨어졌습니까
        Kuaishou의 매출은?
        서울의 인구는 몇 명입니까|이 책의 저자는 누구인가|작년에는?|AI 모델의 이름은 무엇인가요
        공장은 어디에 있나""",
    "en": """Who is 程一笑?|What was the total revenue?|When did the bridge open?
        Why did the shares fall?
        How many factories does it run?|Name the director|And the year before?
        What does 的 mean in Chinese?
        Kuaishou revenue Q2 2024|Where is Müller from?|Is São Paulo bigger than Bogotá?
        Who directed 卧虎藏龙?""",
    "es": """¿Cuáles fueron los ingresos totales?|¿Quién dirige la empresa?|Y el año anterior?
        ¿Cuánto?
        Cuándo se inauguró el puente|Por qué cayeron las acciones|Dónde nació la autora
        Cuántas fábricas tiene
        Quién es 程一笑?|Qué precio tiene la cámara""",
    "fr": """Quel était le chiffre d'affaires ?|Qui dirige l'entreprise ?|Et l'année précédente ?
        Combien d'usines ?
        Quand le pont a-t-il ouvert ?|Pourquoi les actions ont-elles baissé ?|Où est née l'autrice ?
        Qui est 程一笑 ?|Quelle est la capitale du Pérou ?|Comment s'appelle le directeur ?""",
    "de": """Wie hoch war der Umsatz?|Wer leitet die Firma?|Und im Jahr davor?
        Wie viele Werke gibt es?
        Wann wurde die Brücke eröffnet?|Warum fielen die Aktien?|Wo wurde die Autorin geboren?
        Wer ist 程一笑?
        Was kostet die Kamera?|Wie heißt der Regisseur?""",
    "it": """Quali sono stati i ricavi totali?|Chi dirige l'azienda?|E l'anno prima?
        Quante fabbriche ha?
        Quando è stato aperto il ponte?|Perché sono scese le azioni?|Dov'è nata l'autrice?
        Chi è 程一笑?
        Quanto costa la macchina?|Come si chiama il regista?""",
    "pt": """Qual foi a receita total?|Quem dirige a empresa?|E no ano anterior?
        Quantas fábricas tem?
        Quando a ponte foi aberta?|Por que as ações caíram?|Onde nasceu a autora?|Quem é 程一笑?
        Quanto custa a câmera?|Como se chama o diretor?""",
    "ru": """Какова общая выручка?|Кто руководит компанией?|А годом ранее?|Сколько у неё заводов?
        Когда открыли мост?|Почему упали акции?|Где родилась писательница?|Кто такой Cheng Yixiao?
        Что такое Kling AI?|Как зовут режиссёра?""",
    "ar": """ما هو إجمالي الإيرادات؟|من يدير الشركة؟|وفي العام السابق؟|كم عدد المصانع؟
        متى افتتح الجسر؟
        لماذا انخفضت الأسهم؟|أين ولدت الكاتبة؟|من هو Cheng Yixiao؟|ما هو Kling AI؟
        ما اسم المخرج؟""",
    "und": """123|+++|2024-08-20|😀|https://example.com/the/page""",
}  # fmt: skip

# Written after the rules were fixed and never tuned on: 42 of 44 right at first sight. An earlier
# such set had 33 of 38; its misses, imperatives and numerals, were then added to the word lists.
UNTUNED = """
zh|月球离地球多远|谁发明了电话|合同几年到期|把主要风险列出来
zh-Hant|月球離地球多遠|是誰發明了電話|合約幾年到期
ja|月まで何キロありますか|電話を発明したのは誰か|契約はいつ切れますか|主なリスクを挙げて
ko|달까지 거리는 얼마나 되나요|전화를 발명한 사람은?|계약은 언제 끝나나요|주요 위험을 나열해 줘
en|How far away is the moon?|Who invented the telephone?|Does the contract expire?
en|Summarise the risks
es|A qué distancia está la Luna?|Quién inventó el teléfono?|Describe los riesgos principales
es|Vence el contrato?
fr|À quelle distance se trouve la Lune ?|Qui a inventé le téléphone ?|Le contrat expire-t-il ?
de|Wie weit ist der Mond entfernt?|Wer erfand das Telefon?|Wann läuft der Vertrag aus?
de|Fasse die Risiken zusammen
it|Quanto dista la Luna?|Chi ha inventato il telefono?|Riassumi i rischi principali
it|Scade il contratto?
pt|A que distância fica a Lua?|Quem inventou o telefone?|Descreva os principais riscos
pt|O contrato vence?
ru|Как далеко Луна?|Кто изобрёл телефон?|Перечисли главные риски
ar|كم يبعد القمر؟|من اخترع الهاتف؟|اذكر أهم المخاطر
"""


def questions(block: str) -> list[str]:
    return [part.strip() for line in block.split("\n") for part in line.split("|") if part.strip()]


CASES = [(code, question) for code, block in QUESTIONS.items() for question in questions(block)]


@pytest.mark.parametrize(("code", "question"), CASES)
def test_short_questions(code: str, question: str) -> None:
    assert detect(question) == code


def test_questions_the_rules_were_not_made_for() -> None:
    cases = [
        (line.split("|")[0], part)
        for line in UNTUNED.strip().split("\n")
        for part in line.split("|")[1:]
    ]
    right = sum(detect(question) == code for code, question in cases)
    assert right / len(cases) >= 0.9


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("zh", "该公司发布了新的Pro Max手机，并宣布与Acme Systems Inc.合作。" * 200),
        (
            "en",
            "The museum, called 故宫博物院 in Chinese, opened its doors to visitors again. " * 200,
        ),
        ("th", "ใครเป็นผู้เขียนหนังสือเล่มนี้"),
        ("hi", "यह पुस्तक किसने लिखी?"),
        ("vi", "Doanh thu của công ty là bao nhiêu?"),
        ("id", "Berapa pendapatan perusahaan itu?"),
        ("nl", "Hoe hoog was de omzet van het bedrijf?"),
        ("uk", "Хто написав цю книгу і коли її видали?"),
        ("fa", "چه کسی این کتاب را نوشت؟"),
        ("el", "Ποιος έγραψε αυτό το βιβλίο;"),
        ("he", "מי כתב את הספר?"),
    ],
)
def test_texts_and_other_languages(code: str, text: str) -> None:
    assert detect(text) == code


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_code(text: str) -> None:
    assert 2 <= len(detect(text)) <= 7


def test_nothing_heavy_is_loaded() -> None:
    code = "import sys, index.language as l; l.detect('营收'); print('opencc' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
