"""What a design looks like on somebody who does not exist: a sheet without number or code, marked SPECIMEN."""

from dataclasses import dataclass
from datetime import date, timedelta

from pme.certificates.designs.design import Design
from pme.certificates.designs.texts import filled
from pme.certificates.press.look import Look
from pme.certificates.press.sheet import CertificateSheet

SPECIMEN = "SPECIMEN"
THREE_YEARS = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented holder of an invented course, in one language."""

    holder: str
    rank: str
    course: str
    heading: str
    statement: str
    outcomes: tuple[str, ...]


INVENTED = {
    "en": Invented(
        "Robin Adams",
        "Captain",
        "Human Security Core",
        "Certificate of completion",
        "has completed the course and met its standard",
        (
            "Explain what human security means and name its five areas",
            "Refer and report by the proper channels",
        ),
    ),
    "fr": Invented(
        "Éloïse Adams-Bœuf",
        "Capitaine",
        "Fondamentaux de la sécurité humaine",
        "Certificat de réussite",
        "a suivi le cours et satisfait à ses exigences",
        ("Expliquer ce qu’est la sécurité humaine et nommer ses cinq domaines", "Orienter et rendre compte"),
    ),
    "uk": Invented(
        "Олександра Їжакевич",
        "Підполковник",
        "Основи людської безпеки",
        "Сертифікат про завершення курсу",
        "успішно завершила курс і виконала його вимоги",
        ("Пояснювати, що таке людська безпека, і називати п’ять її сфер", "Спрямовувати до служб допомоги"),
    ),
    "ar": Invented(
        "خالد المصري",
        "عقيد",
        "أساسيات الأمن الإنساني",
        "شهادة إتمام",
        "أتمّ المقرر واستوفى معاييره",
        ("شرح مفهوم الأمن الإنساني وذكر مجالاته الخمسة", "الإحالة والإبلاغ عبر القنوات الصحيحة"),
    ),
}


def values_of(language: str, *, academy: str, nation: str) -> dict[str, str]:
    """What stands for the names in a design's texts."""
    shown = INVENTED[language]
    return {
        "holder": shown.holder,
        "rank": shown.rank,
        "number": SPECIMEN,
        "course": shown.course,
        "academy": academy,
        "nation": nation,
    }


def specimen(
    design: Design, look: Look, *, language: str, academy: str, nation: str, public_url: str, day: date
) -> CertificateSheet:
    """The sheet of a design in one language; `look` is the design's, as `look_of` gives it."""
    shown, texts = INVENTED[language], design.texts_in(language)
    values = values_of(language, academy=academy, nation=nation)
    return CertificateSheet(
        number=SPECIMEN,
        code="",
        holder_name=shown.holder,
        holder_rank=shown.rank,
        academy_name=academy,
        academy_nation=nation,
        course_title=shown.course,
        course_version="",
        edition="2026.1",
        statement=filled(texts.statement, values) or shown.statement,
        certificate_title=filled(texts.heading, values) or shown.heading,
        outcomes=tuple((text, "") for text in shown.outcomes),
        hours=5.0,
        credits=0.2,
        frameworks=(("EQF", "5"),),
        result="87 %",
        issued_on=day,
        valid_until=day + THREE_YEARS,
        language=language,
        verify_url=f"{public_url}/verify",
        signatories=tuple((name, role) for name, role in design.signed_by(language)),
        qr_text=SPECIMEN,
        is_specimen=True,
        look=look,
    )
