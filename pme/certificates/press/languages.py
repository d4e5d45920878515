"""The languages in which a certificate speaks: English, French, Ukrainian and Arabic."""

from pme.certificates.press.words import Words

FEW, TEN = 4, 10
TEENS = range(11, 15)


def english_hours(hours: float, figure: str) -> str:
    """“1 hour”, “5 hours”."""
    return f"{figure} hour" if hours == 1 else f"{figure} hours"


def french_hours(hours: float, figure: str) -> str:
    """“1,5 heure”, “2 heures”: the plural begins with two."""
    return f"{figure} heure" if hours < 2 else f"{figure} heures"  # noqa: PLR2004


def ukrainian_hours(hours: float, figure: str) -> str:
    """“1 година”, “3 години”, “5 годин”, “2,5 години”."""
    if hours != int(hours):
        return f"{figure} години"
    units = int(hours) % 10
    if int(hours) % 100 in TEENS or units > FEW or units == 0:
        return f"{figure} годин"
    return f"{figure} година" if units == 1 else f"{figure} години"


def arabic_hours(hours: float, figure: str) -> str:
    """One and two are words of their own; three to ten take the plural, others the singular."""
    if hours in (1, 2):
        return "ساعة واحدة" if hours == 1 else "ساعتان"
    few = hours == int(hours) and 2 < hours % 100 <= TEN  # noqa: PLR2004
    return f"{figure} ساعات" if few else f"{figure} ساعة"


ENGLISH = Words(
    language="en",
    certifies="This is to certify that",
    record="Record of learning",
    outcomes="The holder can",
    outcome="Learning outcome",
    outcome_level="Level",
    level="Level {}",
    more="and {} more, shown on the verification page",
    hours="Workload",
    count_hours=english_hours,
    credits="Credits (ECTS style)",
    result="Result",
    issued="Issued",
    valid_until="Valid until",
    number="Certificate no.",
    version="Course edition",
    replaces="Replaces no.",
    verify="Verify",
    hint="Scan the code, or enter these letters at the address below:",
    next_page="What the holder can do, the workload and the assessment are described on page 2.",
    crest="Crest: an olive sprig growing from an open book beneath three arches",
    seal="Seal: the place of the academy’s digital signature",
    seal_says="The academy signs this file digitally. A PDF reader shows whether the signature is intact.",
    code="QR code that opens the verification page",
    facsimile="Facsimile of the signature of {}",
    specimen="SPECIMEN: shows a design and certifies nothing.",
    discreet=(
        "Issued by the academy named above through PME, which is not an official NATO product. "
        "No endorsement is implied."
    ),
    supplement="Certificate supplement",
    supplement_says=(
        "Describes the learning behind the certificate on page 1. It is modelled on the Europass certificate "
        "supplement, and is not a certificate by itself."
    ),
    holder="Holder",
    course="Course",
    details="Course and result",
    instruction="Language",
    sha256="SHA-256 of the course as it was taught",
    assessment="How it was assessed",
    assessed=(
        "Every required page was read, and every required quiz and scenario was passed at its pass mark or "
        "above. Written answers are marked by people with a rubric. The result is the mean of the best marks of "
        "all quizzes and scenarios."
    ),
    how_to_verify="How to verify",
    step_address="Scan the code on page 1 or open the address below, and compare each line with this document.",
    step_signature=(
        "Open this file in a PDF reader. Its signature must name the academy and say that nothing was changed "
        "after signing."
    ),
    step_credential=(
        "The file carries the same statement for machines (Open Badges 3.0), as an attachment. Any verifier of "
        "W3C Verifiable Credentials can check it."
    ),
    on_paper="A paper copy has no digital signature: check it by its code or address.",
    demo="DEMONSTRATION: made with a demonstration key. This document certifies nothing.",
    months=tuple(
        "January February March April May June July August September October November December".split()
    ),
    languages=(("en", "English"), ("fr", "French"), ("uk", "Ukrainian"), ("ar", "Arabic")),
    levels=("Remember", "Understand", "Apply", "Analyse", "Evaluate", "Create"),
)

FRENCH = Words(
    language="fr",
    certifies="Il est certifié que",
    record="Relevé de formation",
    outcomes="Le titulaire sait",
    outcome="Acquis d’apprentissage",
    outcome_level="Niveau",
    level="Niveau {}",
    more="et {} autres, sur la page de vérification",
    hours="Volume de travail",
    count_hours=french_hours,
    credits="Crédits (type ECTS)",
    result="Résultat",
    issued="Délivré le",
    valid_until="Valable jusqu’au",
    number="Certificat n°",
    version="Édition du cours",
    replaces="Remplace le n°",
    verify="Vérifier",
    hint="Scannez le code, ou entrez ces lettres à l’adresse ci-dessous :",
    next_page="Les acquis, le volume de travail et l’évaluation sont décrits à la page 2.",
    crest="Blason : un rameau d’olivier sort d’un livre ouvert sous trois arches",
    seal="Sceau : emplacement de la signature numérique de l’académie",
    seal_says="L’académie signe ce fichier numériquement. Un lecteur PDF indique si la signature est intacte.",
    code="Code QR qui ouvre la page de vérification",
    facsimile="Fac-similé de la signature de {}",
    specimen="SPÉCIMEN : montre un modèle et n’atteste rien.",
    discreet=(
        "Délivré par l’académie nommée ci-dessus au moyen de PME, qui n’est pas un produit "
        "officiel de l’OTAN. Aucune approbation n’est sous-entendue."
    ),
    supplement="Supplément au certificat",
    supplement_says=(
        "Décrit la formation qui fonde le certificat de la page 1, sur le modèle du supplément au certificat "
        "Europass. Il ne vaut pas certificat à lui seul."
    ),
    holder="Titulaire",
    course="Cours",
    details="Cours et résultat",
    instruction="Langue",
    sha256="SHA-256 du cours tel qu’il a été suivi",
    assessment="Mode d’évaluation",
    assessed=(
        "Chaque page requise a été lue, chaque test et chaque mise en situation requis ont été réussis au seuil "
        "fixé ou au-dessus. Les réponses rédigées sont corrigées par des personnes selon une grille. Le résultat "
        "est la moyenne des meilleures notes de tous les tests et de toutes les mises en situation."
    ),
    how_to_verify="Comment vérifier",
    step_address=(
        "Scannez le code de la page 1 ou ouvrez l’adresse ci-dessous, puis comparez chaque ligne à ce document."
    ),
    step_signature=(
        "Ouvrez ce fichier dans un lecteur PDF. Sa signature doit nommer l’académie et indiquer que rien n’a "
        "changé après la signature."
    ),
    step_credential=(
        "Le fichier contient la même déclaration pour les machines (Open Badges 3.0), en pièce jointe. Tout "
        "vérificateur d’attestations W3C peut la vérifier."
    ),
    on_paper="Une copie papier n’a pas de signature numérique : vérifiez-la par son code ou son adresse.",
    demo="DÉMONSTRATION : établi avec une clé de démonstration. Ce document ne certifie rien.",
    months=tuple(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
    ),
    languages=(("en", "anglais"), ("fr", "français"), ("uk", "ukrainien"), ("ar", "arabe")),
    levels=("Mémoriser", "Comprendre", "Appliquer", "Analyser", "Évaluer", "Créer"),
    decimal=",",
)

UKRAINIAN = Words(
    language="uk",
    certifies="Цим засвідчується, що",
    record="Дані про навчання",
    outcomes="Власник уміє",
    outcome="Результат навчання",
    outcome_level="Рівень",
    level="Рівень {}",
    more="і ще {} на сторінці перевірки",
    hours="Обсяг",
    count_hours=ukrainian_hours,
    credits="Кредити (на зразок ЄКТС)",
    result="Результат",
    issued="Видано",
    valid_until="Чинний до",
    number="Сертифікат №",
    version="Видання курсу",
    replaces="Замінює №",
    verify="Перевірити",
    hint="Відскануйте код або введіть ці літери за адресою нижче:",
    next_page="Що вміє власник, обсяг навчання й оцінювання описано на сторінці 2.",
    crest="Емблема: оливкова гілка виростає з розгорнутої книги під трьома арками",
    seal="Печатка: місце цифрового підпису академії",
    seal_says="Академія підписує цей файл цифровим підписом. Програма для PDF покаже, чи він цілий.",
    code="QR-код, що відкриває сторінку перевірки",
    facsimile="Факсиміле підпису: {}",
    specimen="ЗРАЗОК: показує оформлення й нічого не засвідчує.",
    discreet=(
        "Видано названою вище академією через PME, що не є офіційним продуктом НАТО. "
        "Це не означає жодного схвалення."
    ),
    supplement="Додаток до сертифіката",
    supplement_says=(
        "Описує навчання, за яке видано сертифікат на сторінці 1, на зразок додатка до сертифіката Europass. "
        "Сам по собі він не є сертифікатом."
    ),
    holder="Власник",
    course="Курс",
    details="Курс і результат",
    instruction="Мова",
    sha256="SHA-256 курсу в пройденому виданні",
    assessment="Як оцінювали",
    assessed=(
        "Усі обов’язкові сторінки прочитано, усі обов’язкові тести й ситуаційні завдання складено щонайменше на "
        "прохідний бал. Письмові відповіді оцінюють люди за критеріями. Результат є середнім найкращих оцінок за всі "
        "тести й ситуаційні завдання."
    ),
    how_to_verify="Як перевірити",
    step_address=(
        "Відскануйте код на сторінці 1 або відкрийте адресу нижче й порівняйте кожен рядок із цим документом."
    ),
    step_signature=(
        "Відкрийте цей файл у програмі для PDF. Підпис має називати академію й показувати, що після підписання "
        "нічого не змінено."
    ),
    step_credential=(
        "Файл містить те саме твердження для машин (Open Badges 3.0) як вкладення. Його перевірить будь-яка "
        "програма для W3C Verifiable Credentials."
    ),
    on_paper="Паперова копія не має цифрового підпису: перевіряйте її за кодом або адресою.",
    demo="ДЕМОНСТРАЦІЯ: створено з демонстраційним ключем. Цей документ нічого не засвідчує.",
    months=tuple(
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня".split()
    ),
    languages=(("en", "англійська"), ("fr", "французька"), ("uk", "українська"), ("ar", "арабська")),
    levels=("Пам’ятати", "Розуміти", "Застосовувати", "Аналізувати", "Оцінювати", "Створювати"),
    decimal=",",
    date_pattern="{day} {month} {year} року",
)

ARABIC = Words(
    language="ar",
    direction="rtl",
    joined=True,
    certifies="تشهد هذه الوثيقة بأن",
    record="سجل التعلم",
    outcomes="صاحب الشهادة قادر على",
    outcome="مخرج التعلّم",
    outcome_level="المستوى",
    level="المستوى {}",
    more="و{} أخرى في صفحة التحقق",
    hours="حجم العمل",
    count_hours=arabic_hours,
    credits="الوحدات المعتمدة (على نمط ECTS)",
    result="النتيجة",
    issued="تاريخ الإصدار",
    valid_until="صالحة حتى",
    number="رقم الشهادة",
    version="إصدار المقرر",
    replaces="تحل محل رقم",
    verify="التحقق",
    hint="امسحوا الرمز أو أدخلوا هذه الحروف في العنوان أدناه:",
    next_page="تصف الصفحة 2 ما يقدر عليه صاحب الشهادة وحجم العمل وطريقة التقييم.",
    crest="الشعار: غصن زيتون ينبت من كتاب مفتوح تحت ثلاثة أقواس",
    seal="الختم: موضع التوقيع الرقمي للأكاديمية",
    seal_says="توقّع الأكاديمية هذا الملف رقميًا، ويبيّن قارئ PDF سلامة التوقيع.",
    code="رمز QR يفتح صفحة التحقق",
    facsimile="صورة توقيع {}",
    specimen="نموذج: يعرض تصميمًا ولا يثبت شيئًا.",
    discreet=(
        "صدرت عن الأكاديمية المذكورة أعلاه عبر منصة PME، وهي ليست منتجًا رسميًا لحلف الناتو ولا تعني أي تأييد."
    ),
    supplement="ملحق الشهادة",
    supplement_says=(
        "يصف التعلم الذي تستند إليه الشهادة في الصفحة 1، على غرار ملحق شهادة Europass، ولا يُعد شهادة بذاته."
    ),
    holder="صاحب الشهادة",
    course="المقرر",
    details="المقرر والنتيجة",
    instruction="اللغة",
    sha256="بصمة SHA-256 للمقرر كما دُرّس",
    assessment="طريقة التقييم",
    assessed=(
        "قُرئت كل صفحة مطلوبة، واجتيز كل اختبار وكل موقف تدريبي مطلوب بدرجة النجاح أو أعلى منها. يصحح الإجابات المكتوبة "
        "أشخاص وفق معايير مكتوبة. والنتيجة متوسط أفضل الدرجات في جميع الاختبارات والمواقف التدريبية."
    ),
    how_to_verify="كيفية التحقق",
    step_address="امسحوا الرمز في الصفحة 1 أو افتحوا العنوان أدناه، ثم قارنوا كل سطر بهذه الوثيقة.",
    step_signature="افتحوا هذا الملف في قارئ PDF. يجب أن يذكر التوقيع اسم الأكاديمية وأن شيئًا لم يتغير بعد التوقيع.",
    step_credential=(
        "يحمل الملف البيان نفسه للآلات (Open Badges 3.0) في مرفق، ويستطيع أي برنامج للتحقق من بيانات اعتماد W3C فحصه."
    ),
    on_paper="لا تحمل النسخة الورقية توقيعًا رقميًا: تحققوا منها بالرمز أو العنوان.",
    demo="نموذج تجريبي: صُنع بمفتاح تجريبي، وهذه الوثيقة لا تشهد بشيء.",
    months=tuple("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split()),
    languages=(("en", "الإنجليزية"), ("fr", "الفرنسية"), ("uk", "الأوكرانية"), ("ar", "العربية")),
    levels=("التذكر", "الفهم", "التطبيق", "التحليل", "التقويم", "الإبداع"),
)

EARLIER: dict[str, str] = {
    "Чинний до": "Дійсний до",
    "Видання курсу": "Редакція курсу",
    "إصدار المقرر": "إصدار الدورة",
}
"""What was printed before a fact in certificates that were issued before its label was revised."""
_BY_LANGUAGE = {words.language: words for words in (ENGLISH, FRENCH, UKRAINIAN, ARABIC)}


def words_for(language: str) -> Words:
    """The words of a language tag such as `fr` or `fr-CA`; English where there are none."""
    return _BY_LANGUAGE.get(language.lower().partition("-")[0], ENGLISH)
