"""The words in the files of `pdf_samples`: running text, and tables as a person reads them, header first.

Merged cells are said in each row and column they belong to.
"""

Cells = tuple[tuple[str, ...], ...]

PROSE = (
    "A parcel leaves our warehouse on the day you order it if the order reaches us before two in the afternoon. You "
    "get a message with a tracking link as soon as the carrier has scanned the label, which can take until evening. "
    "If nobody is at home the carrier tries a second time on the next working day and then takes the parcel to a shop "
    "near you, where it waits for seven days. Bring an identity card and the message with you when you collect it.",
    "You may send back what you do not like. Pack the goods so that nothing can break, put the slip into the box and "
    "stick the label over the old one. We pay the money back to the card it came from within five working days after "
    "the parcel has reached us. Goods that were made to your measure cannot be returned unless they are faulty.",
    "Our devices come with a guarantee of two years. It covers faults in material and work, not the marks of ordinary "
    "use. Write to us with the number from the type plate and a photo of the fault. In most cases we send a spare part "
    "on the same day; where that does not help, we collect the device and repair it in our own workshop.",
    "Batteries lose some of their capacity over the years, more so in heat. Do not leave a device in a parked car, and "
    "charge it at least every three months if you do not use it. A battery that bulges must not be charged again.",
)

DELIVERY: Cells = (
    ("Region", "Standard", "Express", "Free from"),
    ("Mainland", "3.95 EUR", "9.90 EUR", "49 EUR"),
    ("Islands", "7.95 EUR", "19.90 EUR", "99 EUR"),
    ("Austria", "6.50 EUR", "14.90 EUR", "79 EUR"),
    ("Switzerland", "12.00 EUR", "29.00 EUR", "150 EUR"),
    ("Norway", "14.50 EUR", "34.00 EUR", "never"),
)
RETURNS: Cells = (
    ("Goods", "Days to return", "Refund", "Who pays carriage"),
    ("Clothing", "45", "full", "we do"),
    ("Shoes", "45", "full", "we do"),
    ("Electronics", "30", "full", "you do"),
    ("Software", "14", "if sealed", "you do"),
    ("Final Clearance", "none", "none", "nobody"),
)
SIZES: Cells = (
    ("Size", "Chest cm", "Waist cm", "Hip cm", "Sleeve cm"),
    ("XS", "82", "66", "90", "59"),
    ("S", "88", "72", "96", "60"),
    ("M", "94", "78", "102", "61"),
    ("L", "102", "86", "110", "62"),
    ("XL", "110", "94", "118", "63"),
)
ERRORS: Cells = (
    ("Code", "What it means", "What to do"),
    ("E01", "The water tank is empty or not pushed in fully.", "Fill the tank and push it in until it clicks."),
    ("E02", "The heater is too hot to start.", "Wait for ten minutes."),
    (
        "E07",
        "The pump runs without water because air is caught in the tube.",
        "Open the valve at the side, let the pump run for half a minute and close the valve again.",
    ),
    ("E12", "Scale in the boiler.", "Descale it; see the chapter about care for the dose and the time that it takes."),
    ("E31", "The sensor of the bin gives no signal.", "Call us and name the serial number."),
)
DEVICES: Cells = (
    ("Property", "Ember 300 Home", "Ember 300 Office", "Ember 500 Home", "Ember 500 Office"),
    ("Weight", "4.1 kg", "4.3 kg", "6.0 kg", "6.4 kg"),
    ("Power", "900 W", "950 W", "1400 W", "1500 W"),
    ("Tank", "1.2 l", "1.2 l", "2.0 l", "3.5 l"),
    ("Noise", "52 dB", "54 dB", "57 dB", "59 dB"),
)
PARTS: Cells = (
    ("Part number", "Name", "Price"),
    *(
        (f"SP-{1000 + 7 * n}", f"{name} for Ember {300 + 100 * (n % 3)}", f"{4 + n * 1.35:.2f} EUR")
        for n, name in enumerate(
            name + kind
            for kind in ("", ", black", ", white", ", steel")
            for name in ("Filter", "Lid", "Seal", "Hose", "Valve", "Switch", "Tray", "Knob", "Spring", "Cable", "Foot")
        )
    ),
)
PLANS: Cells = (
    ("Plan", "Seats", "Monthly"),
    ("Starter", "3", "9.00"),
    ("Team", "15", "39.00"),
    ("Business", "100", "199.00"),
    ("Campus", "2,500", "1,450.00"),
)
TRANSFER: Cells = (
    ("Service", "Up to 1 kg", "Up to 5 kg", "Up to 20 kg", "Days"),
    ("Letter", "1.80", "-", "-", "3"),
    ("Parcel", "4.49", "6.99", "16.49", "2"),
    ("Parcel express", "14.90", "17.90", "31.90", "1"),
    ("Pallet", "89.00", "89.00", "1,089.00", "5"),
)
TROUBLES: Cells = (
    ("Symptom", "Likely cause", "Remedy"),
    ("No light", "The plug is loose or the fuse has blown.", "Push the plug in; replace the fuse."),
    (
        "Coffee tastes bitter",
        "The grind is too fine for the filter, or the water is too hot.",
        "Choose a coarser grind.",
    ),
    ("Leaking lid", "The seal is dirty or worn out after long use.", "Clean the seal or order part SP-1014."),
    (
        "App cannot find device",
        "Bluetooth is off.",
        "Turn it on and hold the key for three seconds until it blinks.",
    ),
)
PAYMENT: Cells = (
    ("Method", "Fee", "Refund takes"),
    ("Card", "none", "5 days"),
    ("Invoice", "none", "3 days"),
    ("Instalments", "1.5 %", "10 days"),
    ("Gift card", "none", "1 day"),
    ("Cash on delivery", "4 EUR", "14 days"),
)
LIMITS: Cells = (
    ("Feature", "Free", "Paid", "Note"),
    ("Projects", "2", "unlimited", "Archived projects do not count towards the limit."),
    ("Storage", "500 MB", "50 GB", "Shared by all members of a workspace."),
    ("Exports", "5 a day", "200 a day", "Counted from midnight in universal time."),
    ("API calls", "none", "10,000 an hour", "More on request; write to the sales team."),
)
HOTLINE: Cells = (
    ("Country", "Weekdays Opens", "Weekdays Closes", "Weekend Opens", "Weekend Closes"),
    ("Germany", "8:00", "20:00", "9:00", "14:00"),
    ("France", "9:00", "19:00", "10:00", "13:00"),
    ("Spain", "9:00", "21:00", "10:00", "14:00"),
    ("Poland", "7:30", "18:00", "9:00", "12:00"),
)
SHOES: Cells = (
    ("EU", "UK", "US men", "US women", "Japan", "Foot cm", "Wide fit"),
    ("36", "3.5", "", "5.5", "22.5", "22.8", "no"),
    ("38", "5", "", "7", "24", "24.1", "yes"),
    ("40", "6.5", "7", "8.5", "25", "25.4", "yes"),
    ("42", "8", "8.5", "10", "26.5", "26.7", "yes"),
    ("44", "9.5", "10", "", "28", "28.1", "no"),
    ("46", "11", "11.5", "", "29.5", "29.4", "no"),
)
PICKUP: Cells = (
    ("City", "Shop", "Open until"),
    ("Bern", "Station", "21:00"),
    ("Bern", "Market", "18:30"),
    ("Basel", "Airport", "23:00"),
    ("Basel", "Old town", "18:00"),
    ("Basel", "Harbour", "17:00"),
)
