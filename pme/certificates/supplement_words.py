"""The fixed words of a course supplement in English, French, Ukrainian and Arabic. Labels of facts that certificates
print too come from the press.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementWords:
    """One language's words; `{}` takes a number. `forms` names the forms of questions."""

    language: str
    page: str
    of: str
    supplement: str
    lead: str
    certificate: str
    original: str
    can: str
    roles: str
    target: str
    award: str
    awarding: str
    levels: str
    no_levels: str
    valid_months: str
    valid_each_year: str
    valid: str
    for_good: str
    recognition: str
    recognised: str
    earned: str
    entry: str
    no_entry: str
    parts: str
    part: str
    minutes: str
    optional: str
    assessed: str
    pages: str
    tasks: str
    by_people: str
    critical: str
    result: str
    equal: str
    task: str
    form: str
    passing: str
    limits: str
    no_limits: str
    attempts: str
    time: str
    scenario: str
    questions: str
    more: str
    edition: str
    verify: str
    issuer: str
    made: str
    demo: str
    forms: Mapping[str, str]


ENGLISH = SupplementWords(
    language="en",
    page="Page",
    of="of",
    supplement="Course supplement",
    lead=(
        "Describes a certificate and the course behind it, not a person. Modelled on the Europass "
        "certificate supplement; it is not a certificate and has no legal force of its own."
    ),
    certificate="The certificate",
    original="Language of the original",
    can="What holders can do",
    roles="For which roles",
    target="Roles and ranks",
    award="Award and recognition",
    awarding="Awarded by",
    levels="Level in frameworks of qualifications",
    no_levels="The academy states none.",
    valid_months="Validity in months",
    valid_each_year="Valid until, each year",
    valid="Validity",
    for_good="No end",
    recognition="Recognition",
    recognised=(
        "The academy awards the certificate in its own name and states credits and levels itself. Whether another "
        "academy, nation or employer recognises it is theirs to decide; this page tells them what it is based on."
    ),
    earned="How it is earned",
    entry="Entry requirements",
    no_entry="The academy asks for no other course first.",
    parts="Parts of the course",
    part="Part",
    minutes="Minutes",
    optional="optional",
    assessed="How it is assessed",
    pages="Pages that have to be read: {}.",
    tasks="Each of the tasks below has to be passed at its pass mark or above.",
    by_people="Written answers are marked by people with a rubric.",
    critical=(
        "Where some questions or actions are critical, a mistake in one of them fails the task, whatever the other "
        "marks are."
    ),
    result="The result is the mean of the best marks of all quizzes and scenarios that were taken.",
    equal="An instructor may confirm work of equal value in place of a part.",
    task="Task",
    form="Form",
    passing="Pass mark",
    limits="Limits",
    no_limits="none",
    attempts="attempts: {}",
    time="time: {} min",
    scenario="Scenario with decisions",
    questions="{} questions",
    more="Further information",
    edition="Edition",
    verify="A certificate of this kind is verified at",
    issuer="About the academy, with its public keys",
    made="As of",
    demo="DEMO: the academy only shows how the platform works. Its certificates certify nothing.",
    forms={
        "single": "one answer",
        "true-false": "true or false",
        "multiple": "several answers",
        "matching": "matching",
        "ordering": "ordering",
        "numeric": "numbers",
        "short-text": "short answers",
        "rating": "ratings",
        "essay": "written answers",
    },
)
FRENCH = SupplementWords(
    language="fr",
    page="Page",
    of="sur",
    supplement="Supplément descriptif du cours",
    lead=(
        "Décrit un certificat et le cours qui le fonde, et non une personne. Rédigé sur le modèle du supplément au "
        "certificat Europass ; il n’est pas un certificat et n’a pas de valeur juridique propre."
    ),
    certificate="Le certificat",
    original="Langue de l’original",
    can="Ce que les titulaires savent faire",
    roles="Pour quelles fonctions",
    target="Fonctions et grades",
    award="Délivrance et reconnaissance",
    awarding="Délivré par",
    levels="Niveau dans les cadres de qualifications",
    no_levels="L’académie n’en indique aucun.",
    valid_months="Validité en mois",
    valid_each_year="Valable jusqu’au, chaque année",
    valid="Validité",
    for_good="Sans limite",
    recognition="Reconnaissance",
    recognised=(
        "L’académie délivre le certificat en son propre nom et indique elle-même crédits et niveaux. Il appartient à "
        "une autre académie, à une autre nation ou à un employeur de décider s’il le reconnaît ; cette page dit sur "
        "quoi il repose."
    ),
    earned="Comment il s’obtient",
    entry="Conditions d’accès",
    no_entry="L’académie ne demande aucun autre cours au préalable.",
    parts="Parties du cours",
    part="Partie",
    minutes="Minutes",
    optional="facultative",
    assessed="Comment il est évalué",
    pages="Pages à lire obligatoirement : {}.",
    tasks="Chacune des tâches ci-dessous doit être réussie au seuil indiqué ou au-dessus.",
    by_people="Les réponses rédigées sont corrigées par des personnes selon une grille.",
    critical=(
        "Lorsque des questions ou des actions sont critiques, une erreur dans l’une d’elles fait échouer à la tâche, "
        "quelles que soient les autres notes."
    ),
    result="Le résultat est la moyenne des meilleures notes de tous les tests et mises en situation passés.",
    equal="Un instructeur peut confirmer un travail de valeur égale à la place d’une partie.",
    task="Tâche",
    form="Forme",
    passing="Seuil de réussite",
    limits="Limites",
    no_limits="aucune",
    attempts="tentatives : {}",
    time="durée : {} min",
    scenario="Mise en situation avec décisions",
    questions="{} questions",
    more="Autres informations",
    edition="Édition",
    verify="Un certificat de ce type se vérifie à l’adresse",
    issuer="L’académie et ses clés publiques",
    made="État au",
    demo="DÉMO : l’académie montre seulement comment la plateforme fonctionne. Ses certificats n’attestent rien.",
    forms={
        "single": "une réponse",
        "true-false": "vrai ou faux",
        "multiple": "plusieurs réponses",
        "matching": "associations",
        "ordering": "mises en ordre",
        "numeric": "nombres",
        "short-text": "réponses courtes",
        "rating": "appréciations",
        "essay": "réponses rédigées",
    },
)
UKRAINIAN = SupplementWords(
    language="uk",
    page="Сторінка",
    of="з",
    supplement="Додаток з описом курсу",
    lead=(
        "Описує сертифікат і курс, на якому він ґрунтується, а не особу. Складено за зразком додатка до сертифіката "
        "Europass; сам по собі він не є сертифікатом і не має юридичної сили."
    ),
    certificate="Сертифікат",
    original="Мова оригіналу",
    can="Що вміють власники сертифіката",
    roles="Для яких посад",
    target="Посади і звання",
    award="Видача і визнання",
    awarding="Видано",
    levels="Рівень у рамках кваліфікацій",
    no_levels="Академія не зазначає рівня.",
    valid_months="Чинність у місяцях",
    valid_each_year="Чинний щороку до",
    valid="Чинність",
    for_good="Безстроково",
    recognition="Визнання",
    recognised=(
        "Академія видає сертифікат від власного імені та сама зазначає кредити й рівні. Чи визнає його інша академія, "
        "держава або роботодавець, вирішують вони; ця сторінка пояснює, на чому він ґрунтується."
    ),
    earned="Як його здобувають",
    entry="Вимоги до вступу",
    no_entry="Академія не вимагає попереднього курсу.",
    parts="Частини курсу",
    part="Частина",
    minutes="Хвилини",
    optional="необов’язкова",
    assessed="Як оцінюють",
    pages="Обов’язкових до прочитання сторінок: {}.",
    tasks="Кожне з наведених завдань треба скласти на прохідний бал або вище.",
    by_people="Письмові відповіді оцінюють люди за критеріями.",
    critical=(
        "Якщо деякі запитання чи дії є критичними, помилка в одній із них означає, що завдання не складено, "
        "незалежно від інших оцінок."
    ),
    result="Результат є середнім найкращих оцінок за всі пройдені тести та ситуаційні завдання.",
    equal="Викладач може підтвердити рівноцінну роботу замість якоїсь частини.",
    task="Завдання",
    form="Форма",
    passing="Прохідний бал",
    limits="Обмеження",
    no_limits="немає",
    attempts="спроб: {}",
    time="час: {} хв",
    scenario="Ситуаційне завдання з рішеннями",
    questions="запитань: {}",
    more="Додаткова інформація",
    edition="Видання",
    verify="Такий сертифікат перевіряють за адресою",
    issuer="Відомості про академію та її відкриті ключі",
    made="Станом на",
    demo="ДЕМО: академія лише показує, як працює платформа. Її сертифікати нічого не засвідчують.",
    forms={
        "single": "одна відповідь",
        "true-false": "так чи ні",
        "multiple": "кілька відповідей",
        "matching": "відповідності",
        "ordering": "упорядкування",
        "numeric": "числа",
        "short-text": "короткі відповіді",
        "rating": "оцінки дій",
        "essay": "письмові роботи",
    },
)
ARABIC = SupplementWords(
    language="ar",
    page="صفحة",
    of="من",
    supplement="ملحق وصف المقرر",
    lead=(
        "يصف شهادةً والمقرَّر الذي تستند إليه، ولا يصف شخصًا. كُتب على غرار ملحق شهادة Europass، وهو ليس شهادة ولا "
        "قوة قانونية له بذاته."
    ),
    certificate="الشهادة",
    original="لغة الأصل",
    can="ما يستطيع أصحابها فعله",
    roles="لأي مهام",
    target="المهام والرتب",
    award="المنح والاعتراف",
    awarding="تمنحها",
    levels="المستوى في أطر المؤهلات",
    no_levels="لا تذكر الأكاديمية مستوى.",
    valid_months="مدة الصلاحية بالأشهر",
    valid_each_year="صالحة كل عام حتى",
    valid="الصلاحية",
    for_good="دون تاريخ انتهاء",
    recognition="الاعتراف",
    recognised=(
        "تمنح الأكاديمية الشهادة باسمها وتحدد بنفسها الوحدات المعتمدة والمستويات. ولكل أكاديمية أخرى أو دولة أو جهة "
        "عمل أن تقرر الاعتراف بها؛ وتوضح هذه الصفحة ما تستند إليه."
    ),
    earned="كيف تُنال",
    entry="شروط الالتحاق",
    no_entry="لا تطلب الأكاديمية مقررًا سابقًا.",
    parts="أجزاء المقرر",
    part="الجزء",
    minutes="الدقائق",
    optional="اختياري",
    assessed="كيف تُقيَّم",
    pages="عدد الصفحات التي تجب قراءتها: {}.",
    tasks="يجب اجتياز كل مهمة من المهام أدناه بدرجة النجاح أو أعلى.",
    by_people="يصحح أشخاصٌ الإجابات المكتوبة وفق معايير.",
    critical="حيث توجد أسئلة أو إجراءات حرجة، فإن الخطأ في واحد منها يعني عدم اجتياز المهمة مهما كانت الدرجات الأخرى.",
    result="النتيجة هي متوسط أفضل الدرجات في جميع الاختبارات والمواقف التدريبية التي أُجريت.",
    equal="يجوز لمدرّب أن يعتمد عملًا مكافئًا بدلًا من جزء.",
    task="المهمة",
    form="الشكل",
    passing="درجة النجاح",
    limits="الحدود",
    no_limits="لا توجد",
    attempts="المحاولات: {}",
    time="الوقت: {} دقيقة",
    scenario="موقف تدريبي بقرارات",
    questions="عدد الأسئلة: {}",
    more="معلومات إضافية",
    edition="الإصدار",
    verify="يُتحقق من شهادة من هذا النوع على العنوان",
    issuer="التعريف بالأكاديمية ومفاتيحها العامة",
    made="بتاريخ",
    demo="عرض تجريبي: تبيّن الأكاديمية كيف تعمل المنصة فقط، ولا تشهد شهاداتها بشيء.",
    forms={
        "single": "إجابة واحدة",
        "true-false": "صواب أو خطأ",
        "multiple": "عدة إجابات",
        "matching": "مطابقة",
        "ordering": "ترتيب",
        "numeric": "أعداد",
        "short-text": "إجابات قصيرة",
        "rating": "تقديرات",
        "essay": "إجابات مقالية",
    },
)
_BY_LANGUAGE = {words.language: words for words in (ENGLISH, FRENCH, UKRAINIAN, ARABIC)}


def words_for(language: str) -> SupplementWords:
    """The words of a language, or the English ones where there are none."""
    return _BY_LANGUAGE.get(language.partition("-")[0], ENGLISH)
