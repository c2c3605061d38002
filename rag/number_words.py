"""Small numbers written as words; they count as figures only before a unit or a scale."""

from __future__ import annotations

from decimal import Decimal

_LINES = {
    "0.5": "half halbes demi media mezzo meio полгода",
    "1": "one ein eine einer einem einen un une una uno um uma один одна одну одного 한",
    "2": "two zwei deux dos due dois duas два две двух 두 اثنان",
    "3": "three drei trois tres tre três три трёх трех 세 석 ثلاثة ثلاث",
    "4": "four vier quatre cuatro quattro quatro четыре четырёх четырех 네 أربعة أربع",
    "5": "five fünf cinq cinco cinque пять пяти 다섯 خمسة خمس",
    "6": "six sechs seis sei шесть шести 여섯 ستة ست",
    "7": "seven sieben sept siete sette sete семь семи 일곱 سبعة سبع",
    "8": "eight acht huit ocho otto oito восемь восьми 여덟 ثمانية ثماني",
    "9": "nine neun neuf nueve nove девять девяти 아홉 تسعة تسع",
    "10": "ten zehn dix diez dieci dez десять десяти 열 عشرة عشر",
    "11": "eleven elf onze once undici одиннадцать",
    "12": "twelve zwölf douze doce dodici doze двенадцать",
    "13": "thirteen dreizehn treize trece tredici treze тринадцать",
    "14": "fourteen vierzehn quatorze catorce quattordici catorze четырнадцать",
    "15": "fifteen fünfzehn quinze quince quindici пятнадцать",
    "16": "sixteen sechzehn seize dieciséis sedici dezesseis шестнадцать",
    "17": "seventeen siebzehn dix-sept diecisiete diciassette dezessete семнадцать",
    "18": "eighteen achtzehn dix-huit dieciocho diciotto dezoito восемнадцать",
    "19": "nineteen neunzehn dix-neuf diecinueve diciannove dezenove девятнадцать",
    "20": "twenty zwanzig vingt veinte venti vinte двадцать عشرون عشرين",
    "30": "thirty dreißig trente treinta trenta trinta тридцать ثلاثون ثلاثين",
    "40": "forty vierzig quarante cuarenta quaranta quarenta сорок أربعون أربعين",
    "50": "fifty fünfzig cinquante cincuenta cinquanta cinquenta пятьдесят خمسون خمسين",
    "60": "sixty sechzig soixante sesenta sessanta sessenta шестьдесят ستون ستين",
    "70": "seventy siebzig soixante-dix setenta settanta семьдесят سبعون سبعين",
    "80": "eighty achtzig quatre-vingts ochenta ottanta oitenta восемьдесят ثمانون ثمانين",
    "90": "ninety neunzig quatre-vingt-dix noventa novanta девяносто تسعون تسعين",
    "100": "hundred hundert cent cien cento cem сто مئة مائة",
}
WORDS: dict[str, Decimal] = {w: Decimal(n) for n, line in _LINES.items() for w in line.split()}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ONES = "one two three four five six seven eight nine".split()
WORDS |= {
    f"{ten}-{one}": Decimal(20 + 10 * i + j + 1)
    for i, ten in enumerate(_TENS)
    for j, one in enumerate(_ONES)
}
