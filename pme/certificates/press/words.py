"""The fixed words of a certificate in the languages it can be printed in."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words. `date_pattern` takes day, month and year; `more` takes a number."""

    language: str
    direction: str = "ltr"
    joined: bool = False
    certifies: str
    record: str
    outcomes: str
    more: str
    hours: str
    result: str
    issued: str
    number: str
    version: str
    verify: str
    hint: str
    crest: str
    code: str
    discreet: str
    months: tuple[str, ...]
    date_pattern: str = "{day} {month} {year}"

    def day(self, day: date) -> str:
        """The date as people write it in this language."""
        month = self.months[day.month - 1]
        return self.date_pattern.format(day=day.day, month=month, year=day.year)


ENGLISH = Words(
    language="en",
    certifies="This is to certify that",
    record="Record of learning",
    outcomes="The holder can",
    more="and {} more, shown on the verification page",
    hours="Workload",
    result="Result",
    issued="Issued",
    number="Certificate no.",
    version="Course edition",
    verify="Verify",
    hint="Scan the code or open",
    crest="Crest: an olive sprig growing from an open book beneath three arches",
    code="QR code that opens the verification page",
    discreet=(
        "Issued by the academy named above through PME, which is not an official NATO product. "
        "No endorsement is implied."
    ),
    months=tuple(
        "January February March April May June July August September October November December".split()
    ),
)

FRENCH = Words(
    language="fr",
    certifies="Il est certifié que",
    record="Relevé de formation",
    outcomes="Le titulaire sait",
    more="et {} autres, sur la page de vérification",
    hours="Volume de travail",
    result="Résultat",
    issued="Délivré le",
    number="Certificat n°",
    version="Édition du cours",
    verify="Vérifier",
    hint="Scannez le code ou ouvrez",
    crest="Emblème : un rameau d’olivier sort d’un livre ouvert sous trois arches",
    code="Code QR qui ouvre la page de vérification",
    discreet=(
        "Délivré par l’académie nommée ci-dessus au moyen de PME, qui n’est pas un produit "
        "officiel de l’OTAN. Aucune approbation n’est sous-entendue."
    ),
    months=tuple(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
    ),
)

UKRAINIAN = Words(
    language="uk",
    certifies="Цим засвідчується, що",
    record="Дані про навчання",
    outcomes="Власник уміє",
    more="і ще {} на сторінці перевірки",
    hours="Обсяг",
    result="Результат",
    issued="Видано",
    number="Сертифікат №",
    version="Редакція курсу",
    verify="Перевірити",
    hint="Скануйте код або відкрийте",
    crest="Емблема: оливкова гілка виростає з розгорнутої книги під трьома арками",
    code="QR-код, що відкриває сторінку перевірки",
    discreet=(
        "Видано названою вище академією через PME, що не є офіційним продуктом НАТО. "
        "Це не означає жодного схвалення."
    ),
    months=tuple(
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня".split()
    ),
    date_pattern="{day} {month} {year} року",
)

ARABIC = Words(
    language="ar",
    direction="rtl",
    joined=True,
    certifies="تشهد هذه الوثيقة بأن",
    record="سجل التعلم",
    outcomes="حامل الشهادة قادر على",
    more="و{} أخرى في صفحة التحقق",
    hours="حجم العمل",
    result="النتيجة",
    issued="تاريخ الإصدار",
    number="رقم الشهادة",
    version="إصدار الدورة",
    verify="التحقق",
    hint="امسح الرمز أو افتح",
    crest="الشعار: غصن زيتون ينبت من كتاب مفتوح تحت ثلاثة أقواس",
    code="رمز استجابة سريعة يفتح صفحة التحقق",
    discreet=(
        "صدرت عن الأكاديمية المذكورة أعلاه عبر منصة PME، وهي ليست منتجًا رسميًا لحلف الناتو ولا تعني أي تأييد."
    ),
    months=tuple("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split()),
)

_BY_LANGUAGE = {words.language: words for words in (ENGLISH, FRENCH, UKRAINIAN, ARABIC)}


def words_for(language: str) -> Words:
    """The words of a language tag such as `fr` or `fr-CA`; English where there are none."""
    return _BY_LANGUAGE.get(language.lower().partition("-")[0], ENGLISH)
