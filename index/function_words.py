"""Words, endings and letters that give a language written in Latin letters away.

Articles, prepositions, pronouns, question words and a few very common nouns, lower case. A word
several languages share speaks a little for each of them.
"""

from __future__ import annotations

WORDS: dict[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": """the a an of and or in on at to for from by with without is are was were be been
            being am has have had do does did will would can could should may might must not
            this that these those it its he she his her they their them we our you your i my
            me who whom whose what which when where why how much many long often far old there
            here about between during than more most less least any some all each as if but
            because after before since until over under into total year month name tell
            explain list show give describe compare revenue profit income growth net quarter
            company report people first last new number percent price main reason users market
            sales city president chief daily active cost costs date summary amount two three
            four five six seven ten please say""",
        "es": """el la los las un una unos unas de del al y o en por para con sin sobre entre desde
            hasta según es son era fue fueron ser está están ha han había hay hubo tiene
            tienen tenía que qué quién quien quiénes cuál cuáles cuánto cuánta cuántos cuántas
            cuándo cuando dónde donde cómo como porqué no sí se su sus le les lo me mi nos
            este esta estos estas ese esa eso más menos muy también pero porque durante contra
            cada todo todos año años ingresos empresa precio día hizo puede cuesta llama
            significa dice dijo dos tres cuatro cinco seis siete diez enumera nombra explica
            resume describe muestra dime cita lista compara mejor mayor nuevo nueva""",
        "fr": """le la les l à un une des du de d et ou en dans par pour avec sans sur sous entre
            depuis vers chez est sont était étaient été être a ont avait avoir fait faut il
            elle ils elles on nous vous je tu ce cet cette ces c qu que qui quoi quel quelle
            quels quelles quand où comment pourquoi combien ne pas plus moins très aussi mais
            son sa ses leur leurs au aux y se s n est-ce a-t-il année ans chiffre entreprise
            jour temps peut selon pendant parce j m t si donc deux trois quatre cinq sept dix
            cite citez nomme nommez explique expliquez résume résumez décris décrivez donne
            donnez liste compare meilleur nouveau nouvelle""",
        "de": """der die das den dem des ein eine einen einem einer eines und oder in im an am auf
            aus bei beim mit nach seit von vom zu zum zur für durch gegen ohne um über unter
            vor zwischen ist sind war waren wird werden wurde wurden hat haben hatte hatten
            kann können soll muss nicht kein keine es er sie wir ihr ich man sich sein seine
            ihre wer wen wem wessen was wann wo wohin woher warum wieso weshalb wie viel viele
            welche welcher welches welchen wieviel als auch aber dass wenn weil noch mehr gibt
            heißt hoch lange jahr jahre umsatz gewinn firma unternehmen stieg betrug liegt
            kostet bitte zwei drei vier fünf sechs sieben zehn nenne nennen nenn erkläre
            erklären beschreibe beschreiben liste zeige gib fasse vergleiche neue neuen neuer""",
        "it": """il lo la i gli le l un uno una di del dello della dei degli delle dell a al allo
            alla ai agli alle all da dal dalla dai dalle in nel nello nella nei nelle nell su
            sul sulla con per tra fra e ed o è sono era erano stato stata stati fu ha hanno
            aveva ho che chi cosa cos quale quali qual quanto quanta quanti quante quando dove
            dov come com perché non si ci ne suo sua suoi questo questa questi più meno molto
            anche ma anno anni ricavi azienda giorno viene può fatto quant secondo durante
            costa due tre quattro cinque sei sette dieci elenca nomina spiega riassumi
            descrivi mostra dimmi cita confronta nuovo nuova""",
        "pt": """o a os as um uma uns umas de do da dos das em no na nos nas ao aos à às por pelo
            pela pelos pelas para com sem sobre entre desde até e ou é são era foi foram ser
            está estão tem têm tinha há que quê quem qual quais quanto quanta quantos quantas
            quando onde aonde como não se seu sua seus suas lhe ele ela eles elas isso este
            esta esse essa mais menos muito também mas porque durante cada todo ano anos
            receita empresa dia você vocês fica custa chama segundo fez pode num numa dois
            duas três quatro cinco seis sete dez liste cite nomeie explique resuma descreva
            mostre diga compare melhor maior novo nova""",
        "nl": """de het een van en of in op aan met voor door bij naar uit om te tot over onder
            tussen is zijn was waren wordt worden werd werden heeft hebben had kan kunnen moet
            niet geen er dat die dit deze wie wat waar wanneer waarom hoe hoeveel welke welk
            hij zij wij ze we je ik jaar omzet bedrijf meer ook maar als""",
        "id": """yang dan di ke dari untuk dengan pada dalam adalah itu ini tidak bukan akan telah
            sudah oleh sebagai atau juga karena apa siapa kapan mengapa kenapa bagaimana
            berapa mana dimana apakah para ada bisa dapat mereka kami kita saya anda dia nya
            tahun perusahaan pendapatan lebih antara""",
        "vi": """là của và có không được cho với trong một các những này đó khi nào ai gì đâu sao
            bao nhiêu thế như từ đến ở tại về do bởi vì năm công ty doanh thu người đã sẽ đang
            bị hay hoặc cái tháng ngày nước mấy tên lớn nhất""",
        "tr": """ve bir bu şu ne kim kimin nerede nasıl neden niçin kaç hangi için ile de da mi mı
            mu mü olan olarak değil var yok çok daha gibi kadar sonra önce yıl yılında nedir
            kimdir""",
        "pl": """i w we z ze na do od o u po przez dla jest są był była było były nie się to ten ta
            te co kto kiedy gdzie jak dlaczego ile jaki jaka jakie który która które czy oraz
            ale rok roku firma""",
        "sv": """och i att det en ett är var på av för med till som den inte har hade från vid om
            vad vem när hur varför vilken vilket vilka många mycket år de""",
        "da": """og i at det en et er var på af for med til som den ikke har havde fra ved om hvad
            hvem hvornår hvordan hvorfor hvilken hvilket hvor mange meget år""",
        "no": """og i at det en et er var på av for med til som den ikke har hadde fra ved om hva
            hvem når hvordan hvorfor hvilken hvilket hvor mange mye år""",
        "cs": """a v ve na se je jsou byl byla bylo že to s z ze do od po pro jak co kdo kdy kde
            proč kolik který která které jaký jaká jaké není nebo ale rok roku""",
        "ro": """și în de la cu pe din pentru este sunt era a fost au o un unei unui al ale care ce
            cine când unde cum cât câți câte nu se mai sau dar anul""",
    }.items()
}

# Endings of content words: weaker evidence than a function word.
ENDINGS: dict[str, tuple[str, ...]] = {
    "en": ("ing", "ness", "ship", "ed"),
    "es": ("ción", "ciones", "dad", "miento", "aron", "ieron"),
    "fr": ("eux", "euse", "ment", "aient", "eur", "oire"),
    "de": ("ung", "ungen", "keit", "heit", "lich", "schaft", "tion", "isch"),
    "it": ("zione", "zioni", "mento", "ità", "oni", "ggio"),
    "pt": ("ção", "ções", "dade", "mento", "aram", "ais"),
}

LETTERS: dict[str, str] = {
    "es": "ñ¿¡áíóú", "fr": "èêàâçœùûîëïô", "de": "äöüß", "it": "èàìòù", "pt": "ãõçâêôáíú",
    "vi": "đơưăạảấầẩậắằẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", "tr": "ğışçöü", "pl": "łąęśżźćń",
    "sv": "åäö", "da": "åæø", "no": "åæø", "cs": "řůěčšž", "ro": "ășțâî",
}  # fmt: skip
