"""What the words and the letters on the pages mean, in the order of the alphabet."""

from __future__ import annotations

WORDS = (
    ("AAFDA", "Advocacy After Fatal Domestic Abuse: a charity that stands by bereaved families and trains chairs."),
    ("Accuracy check", "Each agency reads what the draft report says of it, and says whether that is right."),
    ("Action", "What one agency does about a recommendation, and by when."),
    ("Anonymity check", "Two people look whether anybody could be recognised in the papers that are to be published."),
    ("Commission", "Decide that there will be a review."),
    ("Contribution", "What agencies here give to a review that another partnership leads."),
    ("CPS", "Crown Prosecution Service, which decides on charges and brings cases to court."),
    ("CSP", "Community safety partnership: the council, police, fire, health and probation services of an area. It "
            "leads the review."),
    ("DARDR", "Domestic abuse related death review: the name of a domestic homicide review under the newer law."),
    ("DHR", "Domestic homicide review."),
    ("Domestic Abuse Commissioner", "Speaks up nationally for those who live with domestic abuse. Each finished report "
                                    "is sent to the Commissioner."),
    ("DPA", "Data Protection Act 2018. Its schedules say when somebody need not be given what is held about them."),
    ("FLO", "Family liaison officer: the police officer who keeps in touch with the bereaved family."),
    ("FOI Act", "Freedom of Information Act 2000: anybody may ask a public authority for what it holds."),
    ("GDPR", "The UK General Data Protection Regulation: what may be done with information about living people."),
    ("Hold", "A time in which chosen dates stand still, for example during a trial."),
    ("IMR", "Individual management review: an agency’s own account of what it knew and did, written by somebody who "
            "had no part in the case."),
    ("Independent chair", "Leads the review panel, and belongs to none of the agencies."),
    ("IOPC", "Independent Office for Police Conduct, which looks into deaths after contact with the police."),
    ("Letter of the Home Office", "What its quality assurance panel says of the report: it may be published, or points "
                                  "are to be put right first."),
    ("MAPPA", "Multi-agency public protection arrangements: police, probation and prisons together look after the risk "
              "from people who have been convicted of violent or sexual offences."),
    ("MARAC", "Multi-agency risk assessment conference: agencies share what they know of somebody at high risk of "
              "domestic abuse."),
    ("Nil return", "An agency’s answer that it knew none of the people."),
    ("OFFICIAL-SENSITIVE", "The marking of papers that may only be read by those who need them for their work."),
    ("Overview report", "The chair’s report on the whole review. The executive summary is its short form."),
    ("Passkey", "Lets you sign in by unlocking your own telephone, computer or security key, in place of password and "
                "code; and shows before what cannot be undone that it is you."),
    ("Public name", "The name under which a review is published, so that nobody is recognised."),
    ("QA", "Quality assurance: a panel of the Home Office reads each report before it is published."),
    ("Scoping return", "An agency’s answer to the first question: did it know these people, and when?"),
    ("Seat", "Somebody’s place on one review. It lets them see what their part in it needs, and ends with it."),
    ("Sign off", "The steering group’s chair agrees, by a minute, that an action is done."),
    ("SIO", "Senior investigating officer: leads the police investigation."),
    ("Statement", "Somebody says that a condition is met, does not apply or could not be met, and what shows it."),
    ("Steering group", "Decides for the partnership whether to review, and follows what becomes of it."),
    ("Terms of reference", "What the review is to find out, about whom, and over which years."),
)  # fmt: skip
