-- Conversations to search in: :messages messages in a fifth as many conversations, half English, half Arabic, with the
-- events that tell of them, as if they had come in over two years. psql -v messages=1000000 -f search_data.sql
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SELECT setseed(0.25);

CREATE TEMP TABLE vocabulary AS
SELECT 'en' AS language, array_agg(w || s ORDER BY md5(w || s)) AS words
FROM unnest(string_to_array('account address admit advise answer appeal apply appoint approve arrive attend award bank
    benefit board book branch budget call campus cancel card care case certificate change charge claim class clinic
    collect college complain confirm contact contract course credit deadline debt deliver deposit detail diploma doctor
    document donate email enrol exam expect explain fee fever file finish form friend fund grade grant guide health help
    home hospital hour inform insure interest invoice issue join kit laptop late learn lesson letter level library loan
    login mark medicine meet member message method mobile money month mother move network note nurse offer office open
    order package paper parcel parent park pass patient pay pension permit phone plan police poll portal post price print
    process project promise proof provide question queue rate reach read receipt record refund register reject remind
    renew rent repair replace reply report request reset return review reward room rule salary school screen season seat
    send serve share ship sign site skill solve speak staff start station status stop store student study submit support
    survey system tax teach team term test ticket time track trade train transfer travel treat trust uniform update
    upload user vaccine value verify video visit voucher wait walk want warn water week welcome window work write year',
    ' ')) b, unnest('{"",s,ed,ing,er}'::text[]) s, btrim(b, E' \n') w WHERE w <> ''
UNION ALL
SELECT 'ar', array_agg(p || w ORDER BY md5(p || w))
FROM unnest(string_to_array('حساب عنوان موعد بطاقة مدرسة جامعة طالب رسوم منحة وثيقة مستند جواز سفر طلب شحن توصيل فاتورة
    دفع استرداد مبلغ بنك قرض راتب موظف قسم مكتب هاتف رقم بريد رسالة شكوى مشكلة خدمة دعم تقني شبكة انترنت كلمة مرور دخول
    تسجيل دورة درس معلم امتحان نتيجة شهادة مستشفى طبيب دواء علاج حرارة طفل ام اب عائلة بيت مدينة شارع سيارة قطار طائرة
    فندق حجز الغاء تاكيد تغيير تحديث انتظار وقت يوم اسبوع شهر سنة صباح مساء ليلة عمل مشروع مجتمع تبرع متطوع مساعدة سؤال
    جواب معلومة تفاصيل عرض سعر خصم منتج متجر سلة عميل زبون حالة متابعة تقرير ملف صورة توقيع عقد ايجار كهرباء ماء غاز
    صيانة اصلاح تركيب جهاز شاشة حاسوب برنامج تطبيق نظام صفحة موقع رابط نسخة ضمان استبدال ارجاع تاخير', ' ')) b,
    unnest('{"",ال,و,ب,ل,وال}'::text[]) p, btrim(b, E' \n') w WHERE w <> '';
-- Pieces of sentences, of which each message has two. Words as in a language: few of them are common, many are rare.
CREATE TEMP TABLE piece AS
SELECT v.language, n, string_agg(v.words[1 + (power(random(), 2.5) * (v.size - 1))::int], ' ') AS words
FROM (SELECT language, words, cardinality(words) AS size FROM vocabulary) v, generate_series(0, 9999) n,
     generate_series(1, 3 + n % 5) w
GROUP BY v.language, n;
CREATE UNIQUE INDEX ON piece (language, n);
ANALYZE piece;

INSERT INTO staff (name, email, password_hash, role)
SELECT 'Agent ' || n, 'agent' || n || '@bench.example', '', 'agent' FROM generate_series(1, 40) n;

INSERT INTO contact (contact_id, name, email, phone, language, created_at, updated_at)
SELECT n, CASE WHEN n % 2 = 0 THEN 'Customer ' || n ELSE 'عميل ' || n END, 'customer' || n || '@bench.example',
       '+26377' || lpad(n::text, 7, '0'), CASE WHEN n % 2 = 0 THEN 'en' ELSE 'ar' END, t, t
FROM generate_series(1, :messages / 5) n, LATERAL (SELECT now() - (730 - n * 730.0 / (:messages / 5)) * interval '1 day' AS t) x;

INSERT INTO conversation (conversation_id, contact_id, channel, user_id, user_name, user_email, user_phone, language,
                          status, handler, priority, department_id, category, assigned_staff_id, tags, last_seq,
                          last_role, last_sender, last_text, last_at, waiting_since, resolved_at, rating, created_at,
                          updated_at)
SELECT n, n, (ARRAY['elevenlabs', 'widget', 'whatsapp'])[1 + (r * 3)::int % 3], 'bench-' || n,
       CASE WHEN n % 2 = 0 THEN 'Customer ' || n ELSE 'عميل ' || n END, 'customer' || n || '@bench.example',
       '+26377' || lpad(n::text, 7, '0'), CASE WHEN n % 2 = 0 THEN 'en' ELSE 'ar' END, status,
       CASE status WHEN 'pending' THEN 'queue' WHEN 'active' THEN 'staff' ELSE 'bot' END,
       (ARRAY['normal', 'normal', 'high', 'low', 'emergency'])[1 + (r2 * 5)::int % 5], 1 + (r2 * 12)::int % 12,
       (ARRAY['billing', 'delivery', 'account', 'medical', 'education', 'complaint'])[1 + (r * 6)::int % 6],
       CASE WHEN status <> 'pending' AND r2 < 0.8 THEN (SELECT min(staff_id) FROM staff WHERE email = 'agent1@bench.example') + n % 40 END,
       CASE WHEN r < 0.05 THEN '{vip}' WHEN r < 0.2 THEN '{refund}' ELSE '{}' END::text[], 5, 'user', 'Customer', '', t,
       CASE status WHEN 'pending' THEN t END, CASE WHEN status = 'resolved' THEN t + interval '1 hour' END,
       CASE WHEN r2 < 0.3 THEN 1 + (r * 5)::int % 5 END, t, t + interval '20 min'
FROM (SELECT n, random() AS r, random() AS r2, now() - (730 - n * 730.0 / (:messages / 5)) * interval '1 day' AS t
      FROM generate_series(1, :messages / 5) n) x,
     LATERAL (SELECT CASE WHEN n <= :messages / 5 * 0.97 THEN CASE WHEN r2 < 0.9 THEN 'resolved' ELSE 'closed' END
                          WHEN r < 0.3 THEN 'pending' WHEN r < 0.6 THEN 'active' ELSE 'bot' END AS status) y;

INSERT INTO message (conversation_id, seq, channel, message_id, body_hash, role, sender, body, at, received_at)
SELECT c, s, 'bench', 'B-' || c || '-' || s, 0, CASE WHEN s % 2 = 1 THEN 'user' ELSE 'ai' END,
       CASE WHEN s % 2 = 1 THEN 'Customer' ELSE 'Assistant' END,
       a.words || ' ' || b.words || ' ' || c * 10 + s, t, t
FROM generate_series(1, :messages / 5) c CROSS JOIN generate_series(1, 5) s CROSS JOIN
     LATERAL (SELECT now() - (730 - c * 730.0 / (:messages / 5)) * interval '1 day' + s * interval '1 min' AS t,
                     CASE WHEN c % 2 = 0 THEN 'en' ELSE 'ar' END AS language) x
JOIN piece a ON a.language = x.language AND a.n = (c * 31 + s * 977) % 10000
JOIN piece b ON b.language = x.language AND b.n = (c * 17 + s * 613 + c / 10000) % 10000;

-- What is looked for on purpose: scripts/lib/bench_search.py has the queries.
CREATE TEMP TABLE needle (n serial, body text);
INSERT INTO needle (body) VALUES
    ('My scholarships were suspended because the committee lost my transcripts'),
    ('The ambulance brought grandfather to the cardiology ward yesterday'),
    ('Please translate my birth certificate into Portuguese'),
    ('The electrician never came and the generator is still broken'),
    ('I was charged twice for the aquarium membership'),
    ('Where is the wheelchair that Sarah Johnson ordered for her brother'),
    ('The password of my biometric passport application does not work'),
    ('My daughter is allergic to penicillin and needs another antibiotic'),
    ('تم إيقاف منحتي الدراسية لأن اللجنة أضاعت كشف الدرجات'),
    ('نقلت الإسعاف جدي إلى قسم أمراض القلب البارحة'),
    ('أرجو ترجمة شهادة الميلاد إلى اللغة البرتغالية'),
    ('لم يحضر الكهربائي وما زال المولِّد معطَّلاً'),
    ('خُصم مني ثمن اشتراك حوض الأسماك مرتين'),
    ('أين الكرسي المتحرك الذي طلبته فاطمة لأخيها'),
    ('كلمة مرور طلب الجواز البيومتري لا تعمل'),
    ('ابنتي عندها حساسية من البنسلين وتحتاج مضادًّا حيويًّا آخر');
UPDATE message m SET body = needle.body FROM needle
WHERE m.conversation_id = :messages / 5 * needle.n / 17 AND m.seq = 3;

INSERT INTO event (event_id, type, at, conversation_id, audience, message_seq)
SELECT h.event_id + (c - 1) * 6 + s + 1, CASE WHEN s = 0 THEN 'conversation.new' ELSE 'message.new' END, now(), c, 3, nullif(s, 0)
FROM event_head h, generate_series(1, :messages / 5) c, generate_series(0, 5) s; -- the server has written some already
UPDATE event_head SET event_id = (SELECT max(event_id) FROM event);
SELECT setval(pg_get_serial_sequence('conversation', 'conversation_id'), :messages / 5),
       setval(pg_get_serial_sequence('contact', 'contact_id'), :messages / 5);
VACUUM ANALYZE message, conversation, contact, event;
