"""Sheets to print: one as most are, and the ways in which others differ from it."""

from dataclasses import replace
from datetime import date

from pme.certificates.pdf import CertificateSheet

OUTCOMES = (
    "Explain what NATO means by human security and name its five areas",
    "Recognise signs of trafficking and of conflict-related sexual violence",
    "Take the first steps of a survivor-centred response and do no harm",
    "Refer and report through the proper channels",
    "Look after yourself and your team after a disclosure",
)

ADAMS = CertificateSheet(
    number="NORTH-2026-000127",
    code="ABCDEFGHJKMNPQRSTVWXYZ23",
    holder_name="Łucja Adams-Ośmiałowska",
    holder_rank="Captain",
    academy_name="Northern Defence Academy",
    academy_nation="Northland",
    course_title="Human Security Core",
    course_version="3f9c2a71be04",
    statement="has completed the course and met its standard",
    certificate_title="Certificate of completion",
    outcomes=tuple((text, "") for text in OUTCOMES),
    hours=5.0,
    result="87 %",
    issued_on=date(2026, 11, 23),
    language="en",
    verify_url="https://pme.example/verify/ABCDEFGHJKMNPQRSTVWXYZ23",
    signatories=(("Col. Jo Evans", "Commandant"), ("Dr Ilze Bērziņa", "Director of Studies")),
)

FULL = replace(
    ADAMS,
    outcomes=tuple(zip(OUTCOMES, ("Understand", "Understand", "Apply", "Apply", "Apply"), strict=True)),
    course_sha256="3f9c2a71be04" + "a1b2c3d4e5f6071829304b5c6d" * 2,
    edition="2026.2",
    credits=0.2,
    frameworks=(("EQF", "5"), ("SQF-MILOF", "5")),
    valid_until=date(2029, 11, 22),
)
"""With everything that an academy may state."""

IN_FRENCH = replace(
    FULL,
    language="fr",
    holder_name="Éloïse Adams-Bœuf",
    holder_rank="Capitaine",
    academy_name="Académie de défense du Nord",
    academy_nation="Norlande",
    course_title="Fondamentaux de la sécurité humaine",
    certificate_title="Certificat de réussite",
    statement="a suivi le cours et satisfait à ses exigences",
    outcomes=(
        ("Expliquer ce que l’OTAN entend par sécurité humaine et nommer ses cinq domaines", "Comprendre"),
        ("Reconnaître les signes de la traite des êtres humains", "Comprendre"),
        ("Orienter et rendre compte par les voies prévues", "Appliquer"),
    ),
    signatories=(("Col. Jo Evans", "Commandante"), ("Dr Ilze Bērziņa", "Directrice des études")),
)
IN_UKRAINIAN = replace(
    FULL,
    language="uk",
    holder_name="Олександра Їжакевич-Ґалаґан",
    holder_rank="Підполковник",
    academy_name="Національна академія оборони",
    academy_nation="Північна країна",
    course_title="Основи людської безпеки",
    certificate_title="Сертифікат про завершення курсу",
    statement="успішно завершила курс і виконала його вимоги",
    outcomes=(
        (
            "Розпізнавати ознаки торгівлі людьми та пов’язаного з конфліктом сексуального насильства",
            "Розуміння",
        ),
        ("Діяти за принципом «не нашкодь» і спрямовувати до служб допомоги", "Застосування"),
    ),
    signatories=(("Полк. Джо Еванс", "Начальник академії"),),
)
IN_ARABIC = replace(
    FULL,
    language="ar",
    holder_name="خالد المصري",
    holder_rank="عقيد",
    academy_name="أكاديمية الدفاع الوطني",
    academy_nation="بلاد الشمال",
    course_title="أساسيات الأمن الإنساني",
    certificate_title="شهادة إتمام",
    statement="أتم الدورة واستوفى معاييرها",
    outcomes=(
        ("شرح مفهوم الأمن الإنساني وذكر مجالاته الخمسة", "فهم"),
        ("التعرف على علامات الاتجار بالبشر", "فهم"),
        ("الإحالة والإبلاغ عبر القنوات الصحيحة", "تطبيق"),
    ),
    signatories=(("العقيد جو إيفانز", "قائد الأكاديمية"), ("د. إلزه برزينا", "مديرة الدراسات")),
)
