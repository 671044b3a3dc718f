"""What scripts/bench --search asks: made for the data of tests/bench/search_data.sql."""

from datetime import date, timedelta

# What people would type, and the sentence (by a few of its words, as they stand there) it must find on the first page.
LABELLED = {
    "en": [
        ("scholarship suspended", "scholarships were suspended"),
        ("committee transcript", "committee lost my transcripts"),
        ("scholarshps suspnded", "scholarships were suspended"),
        ("grandfather cardiology", "grandfather to the cardiology"),
        ("cardiolgy ambulance", "grandfather to the cardiology"),
        ("ambul grandf", "grandfather to the cardiology"),
        ("translating birth certificate portuguese", "birth certificate into Portuguese"),
        ("portugese", "birth certificate into Portuguese"),
        ("electricians generators", "generator is still broken"),
        ("electrican", "generator is still broken"),
        ("aquarium charged twice", "aquarium membership"),
        ("aquariam memberships", "aquarium membership"),
        ("Sarah Johnson wheelchair", "wheelchair that Sarah Johnson"),
        ("wheelchiar", "wheelchair that Sarah Johnson"),
        ("biometric passp", "biometric passport"),
        ("alergic penicilin", "allergic to penicillin"),
        ("antibiotics penicillin", "allergic to penicillin"),
    ],
    "ar": [
        ("منحتي الدراسيه", "منحتي الدراسية"),
        ("ايقاف منحتي", "منحتي الدراسية"),
        ("اللجنه كشف الدرجات", "منحتي الدراسية"),
        ("جدي القلب", "أمراض القلب"),
        ("امراض القلب الاسعاف", "أمراض القلب"),
        ("الاسعفا جدي", "أمراض القلب"),
        ("ترجمه شهاده الميلاد", "اللغة البرتغالية"),
        ("البرتغاليه", "اللغة البرتغالية"),
        ("البرتغلية", "اللغة البرتغالية"),
        ("الكهربائي المولد", "المولِّد"),
        ("الكهربايي", "المولِّد"),
        ("حوض الاسماك", "حوض الأسماك"),
        ("اشتراك الأسم", "حوض الأسماك"),
        ("فاطمه الكرسي", "الكرسي المتحرك"),
        ("المتحرك لاخيها", "الكرسي المتحرك"),
        ("البيومتري", "البيومتري"),
        ("البنسلين حساسيه", "البنسلين"),
        ("حيويا البنسلن", "البنسلين"),
    ],
}
# Of the generated texts. The commonest words stand in 50,000 to 200,000 of a million messages, the rare ones in 2,000.
WORDS = {
    "en": {
        "very common": ["refund", "refunds", "offer", "projecting"],
        "common": ["request", "proof", "finishing", "meeter"],
        "less common": ["vouchers", "invoice", "hospitals", "book"],
        "beginning": ["wri", "insur", "re", "pass"],
        "typing mistake": ["reqeust", "hosptials", "vuochers"],
        "two words": ["refund offer", "proof of payment", "hospital invoice", "book meeter", "lateing repl"],
        "three words": ["refunds late offerer", "request hospital book"],
        "a category": ["account", "billing deliv"],
        "not there": ["zeppelin", "refund zeppelin"],
        "a customer": ["customer 1234", "customer778@bench.example", "+263770004321", "CONV-4711", "1234561"],
    },
    "ar": {
        "very common": ["وتركيب", "وجامعة", "الدورة", "لموعد"],
        "common": ["الإرجاع", "الحالة", "المكتب", "زبون"],
        "less common": ["شارع", "الوثيقة", "والطلب", "العمل"],
        "beginning": ["وال", "كهر", "ال", "بال"],
        "typing mistake": ["الحالت", "المكتتب", "الوثييقة"],
        "two words": ["وتركيب الدورة", "المكتب زبون", "شارع الوثيقة", "العمل وجه", "الأب والوقت"],
        "three words": ["وتركيب وجامعة الدورة", "الحالة المكتب شارع"],
        "not there": ["منطاد", "الدورة منطاد"],
        "a customer": ["عميل 1235", "customer779@bench.example", "0770004323", "CONV-4713", "1234571"],
    },
}


def day(ago):
    return (date.today() - timedelta(days=ago)).isoformat()


# Of a first page. All but the last look with an administrator's eyes; that one is an agent's.
FILTERS = {
    "resolved": {"status": "resolved"},
    "closed": {"status": "closed"},
    "waiting": {"status": "pending"},
    "open": {"status": "bot,pending,active"},
    "department": {"department": "billing"},
    "department, waiting": {"department": "education", "status": "pending"},
    "department, closed, one star": {"department": "medical", "status": "closed", "rating": "1"},
    "category": {"category": "medical"},
    "category, channel": {"category": "delivery", "channel": "widget"},
    "channel": {"channel": "whatsapp"},
    "tag": {"tag": "vip"},
    "rating": {"rating": "5"},
    "last month": {"from": day(30)},
    "one month of last year": {"from": day(430), "to": day(400)},
    "before last year": {"to": day(600), "status": "resolved"},
    "of one of staff": {"assigned": "STF-20"},
    "of nobody": {"assigned": "none"},
    "messages": {"types": "messages"},
    "messages, channel": {"types": "messages", "channel": "elevenlabs"},
    "conversations, category": {"types": "conversations", "category": "billing"},
    "conversations, closed": {"types": "conversations", "status": "closed"},
    "contacts": {"types": "contacts"},
    "tickets": {"types": "tickets", "status": "open"},
    "an agent's": {},
}

LISTS = {
    "all": {},
    "waiting, longest first": {"status": "pending", "sort": "waiting"},
    "open": {"status": "bot,pending,active"},
    "active": {"status": "active"},
    "resolved": {"status": "resolved"},
    "closed, department": {"status": "closed", "department": "medical"},
    "department": {"department": "billing"},
    "of one of staff": {"assigned": "STF-20"},
    "of one of staff, open": {"assigned": "STF-20", "status": "pending,active"},
    "of nobody": {"assigned": "none"},
    "emergencies": {"priority": "emergency"},
    "channel, priority": {"channel": "widget", "priority": "low"},
    "a week": {"from": day(200), "to": day(193)},
    "a customer": {"q": "customer1234"},
    "a name": {"q": "Customer 1234"},
    "a word": {"q": "فاتورة"},
    "a common word": {"q": "refund"},
    "a word, department": {"q": "hospital", "department": "medical"},
    "an agent's": {},
}
