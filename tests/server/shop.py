"""The articles of a small shop, and questions about them."""

ARTICLES = {
    "returns.md": """---
title: Returning a jacket
updated_at: 2026-03-11
url: https://help.shop.example/returns
---

# Returning a jacket

## The return window

You can return a jacket within 45 days of delivery. The jacket must be unused and have its tags.

## What it costs

A return from the United Kingdom costs £3.95, which is taken off the refund.
""",
    "password.md": """# How to reset your password

1. Open the sign-in page and choose Forgotten password.
2. Enter your e-mail address.
3. Follow the link in the e-mail within one hour.
""",
    "sizes.md": """# Size table for boots

| Size | Foot length | Width |
|---|---|---|
| EU 40 | 25.5 cm | regular |
| EU 42 | 27.0 cm | wide |
""",
    "hostile.md": """---
title: "<script>window.hacked = 1</script> Zebra polishing"
url: "javascript:window.hacked=1"
---

Zebra polishing kits are sold in <b onmouseover="window.hacked=1">packs</b> of `<img src=x onerror=window.hacked=1>`
nine.
""",
    "secret.md": """---
title: Goodwill limits
audience: internal
---

Staff may refund up to 75 pounds of goodwill without asking a manager.
""",
}
QUESTION = "Within how many days can I return a jacket?"
SECRET = "Up to how much goodwill may staff refund without a manager?"
HOSTILE = "Zebra polishing kits are sold in packs of what?"
PASSWORD = "correct horse battery"

CARDS = {
    "gift.md": "# Lost gift card\n\nA lost gift card is blocked with its receipt.\n",
    "membership.md": """---
product: Club
updated_at: 2026-03-01
---
# Lost membership card

A lost membership card is replaced in the app.
""",
}
LOST = "lost card"
READINGS = ["Lost gift card", "Lost membership card"]
