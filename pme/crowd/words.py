"""What invented people write to each other about courses. Pure lists; nothing in them is about anybody's health
or what they have been through beyond what a registrar has to know.
"""

ASKS = (
    "My unit goes on a mission next year, and I shall be the adviser on its staff.",
    "My commander suggested it. I have time from next month on.",
    "I finished the first course and would like to go on.",
    "I am moving to the civil-military cell and need it there.",
    "I teach the new recruits and want to be surer of the subject.",
    "",
)
GRANTED = ("", "", "", "You are in the next class.", "Welcome. The dates are on your first page.")
DECLINED = (
    "Please complete the first course before this one, then ask again.",
    "The class is full. Ask again in two months: there is another one then.",
    "Your unit sends its people together. Speak with your training officer first.",
)
EXTENDED = (
    "On an exercise with the unit until the end of the month.",
    "Moved to another base in the middle of the course.",
    "Parental leave.",
    "Ill for two weeks.",
    "At sea without a connection.",
    "Away for an examination of another course.",
)
WAIVED = (
    "Completed an equal course at an allied academy; the certificate was seen.",
    "Has taught the subject of the first course for years.",
)
REFUSED = "The mail server does not take this address: 550 5.1.1 mailbox unknown"
