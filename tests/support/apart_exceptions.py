"""Who may look at rows of academies without naming one, and why. Short on purpose: everything else is scoped.

On PostgreSQL each of them also has to say that it looks everywhere (`pme.scope`), or it sees nothing.
"""

SECRET = "finds whom a secret belongs to, at whichever academy: nobody is signed in yet"
OWN = "a person's own account, which may be at several academies"
COMMAND = "a command or a worker of the whole installation"
SHARED = "how many a change of shared content concerns at all academies: a number, without anybody's name"
FOUND = "rows by the ids that a query which named the academy has just found"
INSTALL = "counts for the installation's administrator, without anybody's name"

EXCEPTIONS: dict[str, str] = {
    "pme.people.queries:find_visitor": SECRET,
    "pme.people.queries:find_student": SECRET,
    "pme.people.service:academy_to_begin_at": OWN,
    "pme.people.service:end_session": SECRET,
    "pme.people.service:renew_session": SECRET,
    "pme.people.links:find_link": SECRET,
    "pme.people.links:signs_in_elsewhere": OWN,
    "pme.people.links:is_welcome": OWN,
    "pme.people.links:_end": OWN,
    "pme.people.personnel:_follow": OWN,
    "pme.people.sessions": OWN,
    "pme.rosters.carrying_out:_known_elsewhere": OWN,
    "pme.undoing.history:_known_elsewhere": OWN,
    "pme.people.academies:all_academies": INSTALL,
    "pme.jobs.queries:job_counts": INSTALL,
    "pme.outbox.queries:counts_everywhere": INSTALL,
    "pme.outbox.queries:held_everywhere": INSTALL,
    "pme.watching.meters:_Waiting.collect": INSTALL,
    "pme.enrolment.feeds:find_feed": SECRET,
    "pme.judging.queries:find_seat": SECRET,
    "pme.authoring.outside:open_by": SECRET,
    "pme.privacy.erasing:account_goes": OWN,
    "pme.privacy.exporting:_done": "a person's own acts, counted for themselves",
    "pme.keys.queries:owner_of": "whose key signed something that anybody may check",
    "pme.backups.postgres:rows_in": COMMAND,
    "pme.backups.postgres:is_empty": COMMAND,
    "pme.doctor.seen_database": COMMAND,
    "pme.keys.queries:without_keys": COMMAND,
    "pme.keys.service:reseal": COMMAND,
    "pme.keys.service:take_in": "whether a key that a command brings is held at any academy",
    "pme.privacy.words_typed:forget_in_rosters": FOUND,
    "pme.privacy.words_typed:forget_words": FOUND,
    "pme.certificates.queries:find_by_code": SECRET,
    "pme.assessment.sitting:overdue": COMMAND,
    "pme.authoring.doctrine:certificates_on": SHARED,
    "pme.authoring.plan:_attempts": SHARED,
    "pme.authoring.plan:_under_way": SHARED,
    "pme.crowd.rows": COMMAND,
    "pme.commands_keys:notices": COMMAND,
    "pme.jobs.service:is_any_due": COMMAND,
    "pme.jobs.service:claim": COMMAND,
    "pme.jobs.service:renew": COMMAND,
    "pme.jobs.service:_held": COMMAND,
    "pme.jobs.results:purge": COMMAND,
    "pme.reports.scheduled:ask_for_due": COMMAND,
    "pme.rosters.service:forget_old": COMMAND,
    "pme.returns.keeping:keep_no_longer": COMMAND,
    "pme.returns.scheduled:ask_for_due": COMMAND,
    "pme.xapi.service:reseal_stores": COMMAND,
    "pme.xapi.work:go_round": COMMAND,
    "pme.xapi.work:tidy": COMMAND,
    "pme.outbox.service:is_any_due": COMMAND,
    "pme.outbox.service:claim": COMMAND,
    "pme.outbox.service:hand_over": COMMAND,
    "pme.outbox.service:note_sent": COMMAND,
    "pme.outbox.service:note_away": COMMAND,
    "pme.outbox.service:hurry": COMMAND,
    "pme.outbox.service:note_problem": COMMAND,
    "pme.outbox.service:close_late": COMMAND,
    "pme.outbox.service:forget": COMMAND,
}
"""`module:function`, or a whole module -> the reason."""
