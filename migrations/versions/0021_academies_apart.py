"""Academies apart: row-level security on PostgreSQL for every table that belongs to an academy.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

from pme.policies import keep_apart, stop_keeping_apart

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Show rows to their own academy only."""
    keep_apart(op, "academy_course")
    keep_apart(op, "accommodation")
    keep_apart(op, "attempt")
    keep_apart(op, "browser_session")
    keep_apart(op, "certificate")
    keep_apart(op, "certificate_counter")
    keep_apart(op, "cohort")
    keep_apart(op, "course_completion")
    keep_apart(op, "draft")
    keep_apart(op, "enrolment")
    keep_apart(op, "local_block")
    keep_apart(op, "local_stamp")
    keep_apart(op, "mark_release")
    keep_apart(op, "marking_plan")
    keep_apart(op, "membership")
    keep_apart(op, "panel")
    keep_apart(op, "personnel")
    keep_apart(op, "regrade")
    keep_apart(op, "review_function")
    keep_apart(op, "review_task")
    keep_apart(op, "script")
    keep_apart(op, "task_window")
    keep_apart(op, "teaching")
    keep_apart(op, "attempt_break", parent="attempt")
    keep_apart(op, "check_answer", parent="enrolment")
    keep_apart(op, "decision", parent="attempt")
    keep_apart(op, "draft_comment", parent="draft")
    keep_apart(op, "draft_file", parent="draft")
    keep_apart(op, "draft_import", parent="draft")
    keep_apart(op, "further_attempt", parent="enrolment")
    keep_apart(op, "function_holder", parent="review_function", column="function_id")
    keep_apart(op, "local_block_version", parent="local_block", column="block_id")
    keep_apart(op, "mark", parent="script")
    keep_apart(op, "module_completion", parent="enrolment")
    keep_apart(op, "outside_link", parent="draft")
    keep_apart(op, "outside_comment", parent="outside_link", column="link_id")
    keep_apart(op, "page_read", parent="enrolment")
    keep_apart(op, "panellist", parent="panel")
    keep_apart(op, "panel_rating", parent="panellist")
    keep_apart(op, "panel_reason", parent="panellist")
    keep_apart(op, "panel_submission", parent="panellist")
    keep_apart(op, "reflection", parent="attempt")
    keep_apart(op, "refused_response", parent="attempt")
    keep_apart(op, "response", parent="attempt")
    keep_apart(op, "review_act", parent="draft")
    keep_apart(op, "revision", parent="attempt")


def downgrade() -> None:
    """Take the policies away again."""
    stop_keeping_apart(op, "revision")
    stop_keeping_apart(op, "review_act")
    stop_keeping_apart(op, "response")
    stop_keeping_apart(op, "refused_response")
    stop_keeping_apart(op, "reflection")
    stop_keeping_apart(op, "panel_submission")
    stop_keeping_apart(op, "panel_reason")
    stop_keeping_apart(op, "panel_rating")
    stop_keeping_apart(op, "panellist")
    stop_keeping_apart(op, "page_read")
    stop_keeping_apart(op, "outside_comment")
    stop_keeping_apart(op, "outside_link")
    stop_keeping_apart(op, "module_completion")
    stop_keeping_apart(op, "mark")
    stop_keeping_apart(op, "local_block_version")
    stop_keeping_apart(op, "function_holder")
    stop_keeping_apart(op, "further_attempt")
    stop_keeping_apart(op, "draft_import")
    stop_keeping_apart(op, "draft_file")
    stop_keeping_apart(op, "draft_comment")
    stop_keeping_apart(op, "decision")
    stop_keeping_apart(op, "check_answer")
    stop_keeping_apart(op, "attempt_break")
    stop_keeping_apart(op, "teaching")
    stop_keeping_apart(op, "task_window")
    stop_keeping_apart(op, "script")
    stop_keeping_apart(op, "review_task")
    stop_keeping_apart(op, "review_function")
    stop_keeping_apart(op, "regrade")
    stop_keeping_apart(op, "personnel")
    stop_keeping_apart(op, "panel")
    stop_keeping_apart(op, "membership")
    stop_keeping_apart(op, "marking_plan")
    stop_keeping_apart(op, "mark_release")
    stop_keeping_apart(op, "local_stamp")
    stop_keeping_apart(op, "local_block")
    stop_keeping_apart(op, "enrolment")
    stop_keeping_apart(op, "draft")
    stop_keeping_apart(op, "course_completion")
    stop_keeping_apart(op, "cohort")
    stop_keeping_apart(op, "certificate_counter")
    stop_keeping_apart(op, "certificate")
    stop_keeping_apart(op, "browser_session")
    stop_keeping_apart(op, "attempt")
    stop_keeping_apart(op, "accommodation")
    stop_keeping_apart(op, "academy_course")
