-- What a text is about is read from the categories, and nowhere else: the words that were built into the program join
-- those of the categories, where admins see and change them. Each word counts for so much; one that an admin adds counts
-- 2, and a phrase 3.

CREATE TABLE category_weight (
    category_id bigint NOT NULL REFERENCES category ON DELETE CASCADE,
    keyword text NOT NULL, -- as in the category's list
    weight double precision NOT NULL CHECK (weight > 0 AND weight <= 10),
    PRIMARY KEY (category_id, keyword)
);

INSERT INTO category (slug, name_en, name_ar, department_id)
SELECT c.slug, c.name_en, c.name_ar, d.department_id
FROM (VALUES ('delivery', 'Delivery', 'التوصيل', 'complaints'),
             ('appointment', 'Appointments', 'المواعيد', 'reception')) AS c (slug, name_en, name_ar, department)
LEFT JOIN department d ON d.slug = c.department
ON CONFLICT ON CONSTRAINT category_slug_key DO NOTHING;

-- Who forgot a password asks about an account.
UPDATE category SET keywords_en = array_remove(keywords_en, 'password reset') WHERE slug = 'tech';

-- slug, language, "keyword=weight" separated by commas
CREATE TEMPORARY TABLE word_seed ON COMMIT DROP AS
SELECT s.slug, s.language, s.place * 1000 + w.place AS place, split_part(w.entry, '=', 1) AS keyword,
       split_part(w.entry, '=', 2)::double precision AS weight, s.listed
FROM (VALUES
    (1, 'complaints', 'en', true,
     'complaint*=3,complain*=3,unacceptable=2,terrible service=3,bad service=3,poor service=3,worst service=3,'
     || 'awful service=3,horrible service=3,rude*=2.5,unprofessional=2.5,disrespect*=2.5,not satisfied=2,unhappy with=2,'
     || 'not happy with=2,disappointed*=2,fed up=2,scam*=2,compensation=2,defective=2,damaged=2,treated badly=2.5,'
     || 'treated me badly=2.5,ignored=1.5'),
    (2, 'complaints', 'ar', true,
     'شكوى*=3,شكاوى=3,شكواي=3,أشتكي=3,أشكو=3,تظلم=3,سوء الخدمة=3,أسوأ خدمة=3,سوء خدمة=3,خدمة سيئة=3,الخدمة سيئة=3,'
     || 'سوء المعاملة=3,سوء معاملة=3,معاملة سيئة=3,غير راض*=2,غير مقبول*=2,مستاء*=2,وقح*=2.5,تعويض=2,تالف*=2,مكسور*=1.5,'
     || 'نصب=2'),
    (3, 'goodsam', 'en', true,
     'goodsam*=4,good sam=4,good samaritan=4'),
    (4, 'goodsam', 'ar', true,
     'جودسام=4,جود سام=4,السامري الصالح=4'),
    (5, 'medical', 'en', true,
     'medical*=2,medicine*=2,medication*=2,doctor*=2,nurse*=2,hospital*=2,clinic*=2,fever=3,sick=1.5,ill=1.2,'
     || 'illness=2,disease*=2,pain=1.5,chest pain*=3,bleeding=3,surgery=2.5,operation=0.8,treatment=2,prescription*=2.5,'
     || 'pharmac*=2,patient=1,health=1.5,symptom*=2.5,diagnos*=2.5,blood=1.8,pregnan*=2.5,injur*=2.5,ambulance=3,'
     || 'breathe=2.5,breathing=2.5,unconscious=3,swallowed=2,not moving=2,fell down=1.5,vomiting=2.5,seizure*=3,'
     || 'heart attack=3,stroke=2.5,wheelchair*=2,asthma=2.5,diabet*=2.5,malaria=2.5,vaccin*=2.5,doctors appointment=2.5,'
     || 'appointment with the doctor=3,appointment with a doctor=3'),
    (6, 'medical', 'ar', true,
     'طبي*=2,طبيب*=2,دكتور*=2,مستشفى*=2,عيادة=2,علاج*=2,دواء=2,أدوية=2,مرض=2,مريض*=2,حمى=3,حرارة=2,حرارته=2.5,'
     || 'حرارتها=2.5,ألم=1.5,نزيف=3,ينزف=3,تنفس=2.5,يتنفس=2.5,عملية جراحية=3,جراحة=2.5,وصفة طبية=3,صيدلية=2,صحي*=1.2,'
     || 'إسعاف=3,حامل=2,سكري=2,ممرض*=2,نوبة قلبية=3,الصدر=1.5,الوعي=1.5,تطعيم=2.5,موعد مع الطبيب=3'),
    (7, 'education_scholarship', 'en', true,
     'scholarship*=3.5,bursar*=3,student grant*=3,financial aid=2.5,bank statement*=1.5,transcript*=1.2,payslip*=1'),
    (8, 'education_scholarship', 'ar', true,
     'منحة=3.5,منح=2.5,منحة دراسية=4,المنحة الدراسية=4,منح دراسية=4,المنح الدراسية=4,كشف حساب بنكي=1.5'),
    (9, 'education', 'en', true,
     'education*=2,school*=2,universit*=2,college*=2,tuition=2.5,school fees=3,student*=1.5,teacher*=1.8,course*=1.5,'
     || 'class=1,classes=1.2,exam*=1.8,degree=1.5,enrol*=1.8,enroll*=1.8,study=1.5,studies=1.5,studying=1.5,'
     || 'admission*=1.5,homework=2,textbook*=2,training=1'),
    (10, 'education', 'ar', true,
     'تعليم*=2,مدرس*=2,جامع*=2,كلية=1.8,طالب*=1.5,طلاب=1.5,دراس*=2,دورة=1.2,دورات=1.2,امتحان*=1.8,رسوم دراسية=3,'
     || 'الرسوم الدراسية=3,رسوم المدرسة=3,معلم*=1.8,تسجيل في الجامعة=3,شهادة=1'),
    (11, 'status-check', 'en', true,
     'status=2.5,status check=4,check status=4,hear back=3,heard back=3,any update*=2.5,an update=2,progress of=2,'
     || 'my application=1.5,track*=2,reference number=1.2,decision on=2,has my application=2.5,'
     || 'where is my application=3.5'),
    (12, 'status-check', 'ar', true,
     'حالة طلبي=4,حالة الطلب=4,متابعة=2,متابعة طلبي=4,أين وصل=3,وين وصل=3,ما وضع=2.5,وضع طلبي=3.5,تحديث*=1.5,'
     || 'متى سيصلني الرد=3.5,متى يصلني الرد=3.5,تتبع=2,رد على طلبي=3,نتيجة طلبي=3.5'),
    (13, 'community-project', 'en', true,
     'community=2.5,community project*=4,project*=1.2,funding=2,volunteer*=2.5,donat*=2.2,charity=2,village=1.8,'
     || 'borehole*=2.5,well water=2,orphan*=2.2'),
    (14, 'community-project', 'ar', true,
     'مشروع*=1.5,مشاريع=1.5,مجتمع*=2.2,مشروع مجتمعي=4,المشاريع المجتمعية=4,تمويل=2,تطوع*=2.5,متطوع*=2.5,تبرع*=2.2,'
     || 'قرية=1.8,أيتام=2.2,بئر=2'),
    (15, 'billing', 'en', true,
     'bill=2.2,bills=2.2,billing=3,invoice*=3,payment*=2,paid=1.5,pay=1.2,charged=2,charge=1.5,charges=1.8,'
     || 'charged twice=3,refund*=2.8,credit card=2,debit card=2,receipt*=1.8,overcharg*=2.5,subscription*=1.5,'
     || 'money back=2.5,bank transfer=1.8,direct debit=2,bank account=1'),
    (16, 'billing', 'ar', true,
     'فاتورة*=3,فاتورتي=3,فواتير=3,دفع*=1.8,مدفوع*=1.8,سداد=2,خصم مرتين=3,استرداد=2.8,استرجاع=2,بطاقة ائتمان=2,'
     || 'إيصال=1.8,اشتراك*=1.5,تحويل بنكي=1.8,مبلغ=1.2,رسوم=1.2,حساب بنكي=1'),
    (17, 'account', 'en', true,
     'account=2,my account=2.5,password*=3,log in=2.5,login=2.5,logged out=2,sign in=2.5,sign up=2,username=2.5,'
     || 'profile=1.8,locked out=2.5,verification code=2.2,reset my=1.5,email address=0.8,delete my data=2.5'),
    (18, 'account', 'ar', true,
     'حسابي=2.5,حساب=2,كلمة المرور=3,كلمة السر=3,تسجيل الدخول=3,اسم المستخدم=2.5,رمز التحقق=2.2,ملفي الشخصي=2,'
     || 'الباسورد=3,باسورد=3'),
    (19, 'tech', 'en', true,
     'technical=2.2,error*=2,bug=2.2,bugs=2.2,crash*=2.5,app=1.5,application crashes=3.5,website=1.8,web site=1.8,'
     || 'api=2.5,server=2,install*=1.8,software=2,update the app=2.5,not loading=2.5,wont load=2.5,doesnt load=2.5,'
     || 'page=0.6,internet=1.8,connection=1.2,wifi=2,screen=1.2,button=1.2,not working=1.2,doesnt work=1.2,'
     || 'does not work=1.2,system is down=3,production is down=3,outage=2.5,laptop=1.2,integration=2,webhook*=2.5,'
     || 'upload*=1.8,download*=1.8,browser=2,virus=1.2'),
    (20, 'tech', 'ar', true,
     'تقني*=2.2,فني*=1.8,الدعم الفني=3,دعم فني=3,خطأ في النظام=3,رسالة خطأ=2.5,تطبيق=1.8,موقع=1.2,'
     || 'الموقع الإلكتروني=2.2,برنامج=1.2,تحميل=1.8,رفع الملف=2,إنترنت=1.8,لا يعمل=1.2,لا تعمل=1.2,معطل*=1.2,تعطل*=1.2,'
     || 'سيرفر=2,نظام=1,الصفحة=0.8,شاشة=1.2,يتوقف=1.2'),
    (21, 'sales', 'en', true,
     'price*=2.5,pricing=2.8,cost=1.8,costs=1.8,how much=2,buy=2.5,buying=2.2,purchase*=2,order=1,to order=2,'
     || 'place an order=3,quote=2.2,quotation=2.8,discount*=2.5,offer=1.5,offers=1.8,product*=1.8,in stock=2.5,'
     || 'available in=1.2,demo=2,trial=1.8,upgrade=1.8,plan=1,plans=1.2,sales=3,brochure=2.2'),
    (22, 'sales', 'ar', true,
     'سعر*=2.5,أسعار=2.5,كم سعر=3,تكلفة=1.8,شراء=2.5,أشتري=2.5,مبيعات=3,عرض سعر=3,عروض=2,عرض=1.2,خصومات=2.5,'
     || 'تخفيض*=2.5,منتج*=2,متوفر*=1.8,طلب جديد=2.5,كاتالوج=2'),
    (23, 'delivery', 'en', true,
     'deliver*=1.5,my order is late=3,order is late=3,order has not arrived=3,order hasnt arrived=3,'
     || 'order never arrived=3,order didnt arrive=3,havent received my order=3,not received my order=3,shipping=1.2,'
     || 'shipment=1.5,parcel=1.5,package=0.8,courier=1.5,problem with my order=2.5,wrong item=2.5'),
    (24, 'delivery', 'ar', true,
     'تسليم=1.5,توصيل=1.5,شحن*=1.5,طرد=1.2,لم استقبل طلبي=3,لم يصل طلبي=3,لم استلم طلبي=3,طلبي متأخر=3,'
     || 'مشكلة في طلبي=2.5,طلبي لم يصل=3'),
    (25, 'appointment', 'en', true,
     'appointment*=2,book a=1.2,reschedul*=2.2,opening hours=2.5,visit you=1.2'),
    (26, 'appointment', 'ar', true,
     'موعد*=2,حجز=1.8,ساعات العمل=2.5,أوقات العمل=2.5'),
    (27, 'education_scholarship', 'en', false,
     'education scholarship=4,study scholarship=4,scholarship documents=4,scholarship docs=4'),
    (28, 'education_scholarship', 'ar', false,
     'منحة تعليمية=4,وثائق المنحة=4,مستندات المنحة=4'),
    (29, 'scholarship', 'en', false,
     'scholarship*=2,grant application=3,bank statement*=1,tuition=1'),
    (30, 'scholarship', 'ar', false,
     'منحة=2,منح=2,المنح الدراسية=2,كشف حساب=1,الرسوم الدراسية=1'),
    (31, 'education', 'en', false,
     'education=2,university=2'),
    (32, 'education', 'ar', false,
     'مدرسة=2,معلم=1.8,جامعة=2,امتحان=1.8,تعليم=2'),
    (33, 'goodsam', 'en', false,
     'goodsam=4,fever=1.5,ambulance=1.5'),
    (34, 'goodsam', 'ar', false,
     'حمى=1.5,اسعاف=1.5'),
    (35, 'medical', 'en', false,
     'medical=2'),
    (36, 'medical', 'ar', false,
     'طبي=2,طبية=2,طبيب=2,مستشفى=2,علاج=2'),
    (37, 'status-check', 'en', false,
     'status of my=3,application status=4,when will i hear=3,check my status=4'),
    (38, 'community-project', 'ar', false,
     'مجتمع=2.2,مجتمعي=2.2,متطوع=2.5'),
    (39, 'billing', 'ar', false,
     'فاتورة=3,دفع=1.8'),
    (40, 'tech', 'en', false,
     'error=2'),
    (41, 'tech', 'ar', false,
     'خطأ=1.5,عطل=1.2,تقني=2.2,فني=1.8,مشكلة تقنية=3'),
    (42, 'account', 'en', true,
     'password=3,password reset=3'),
    (43, 'sales', 'en', false,
     'prices=2.5,price=2.5,purchase=2,offer*=1.5,subscription=1'),
    (44, 'sales', 'ar', false,
     'سعر=2.5,اسعار=2.5,اشتري=2.5,اشتراك=1,منتج=2'),
    (45, 'complaints', 'en', false,
     'terrible=1,dissatisfied=2'),
    (46, 'complaints', 'ar', false,
     'سيئة=1,غير راض=2,استياء=2,شكوى=3,اشتكي=3'),
    (47, 'reception', 'en', false,
     'reception=2.5,appointment*=1,opening hours=1,general question=2'),
    (48, 'reception', 'ar', false,
     'استقبال=2,موعد=1,ساعات العمل=1,استفسار=1,سؤال عام=2')
) AS s (place, slug, language, listed, entries),
    unnest(string_to_array(s.entries, ',')) WITH ORDINALITY AS w (entry, place);

INSERT INTO category_weight (category_id, keyword, weight)
SELECT c.category_id, s.keyword, s.weight FROM word_seed s JOIN category c USING (slug)
ON CONFLICT DO NOTHING;

-- What is listed already stays where it is.
UPDATE category c SET
    keywords_en = c.keywords_en || coalesce((
        SELECT array_agg(s.keyword ORDER BY s.place) FROM word_seed s
        WHERE s.slug = c.slug AND s.language = 'en' AND s.listed AND s.keyword <> ALL (c.keywords_en)), '{}'),
    keywords_ar = c.keywords_ar || coalesce((
        SELECT array_agg(s.keyword ORDER BY s.place) FROM word_seed s
        WHERE s.slug = c.slug AND s.language = 'ar' AND s.listed AND s.keyword <> ALL (c.keywords_ar)), '{}');
