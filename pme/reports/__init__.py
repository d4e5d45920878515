"""Reports owns rows for screens and exports: students of a course, completions of an academy."""
