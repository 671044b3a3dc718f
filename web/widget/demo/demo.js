// The page around the widget: its own words in two languages, the tag to copy, the buttons.
const arabic = {
  skip: 'الانتقال إلى المحتوى',
  language: 'اللغة',
  title: 'موقعك، ومعه من يجيب.',
  lead: 'تمثل هذه الصفحة موقعك. كل ما يراه زوارك هو نافذة المحادثة في الزاوية: يجيب المساعد فورًا، ويتولى موظفوك المحادثة كلما دعت الحاجة إلى شخص.',
  open: 'فتح المحادثة',
  staff: 'شاهدها من جهة الموظفين',
  try: 'جرّبها من الجهتين',
  step1: 'اكتب رسالة',
  step1text: 'تُحفظ قبل أن تظهر كرسالة مُرسلة، وتظهر في لوحة الموظفين فورًا.',
  step2: 'اطلب التحدث إلى موظف',
  step2text: 'تنضم المحادثة إلى قائمة الانتظار ويظهر دورك فيها، حتى يتولاها أحد الموظفين.',
  step3: 'أعد تحميل الصفحة أو اقطع الاتصال',
  step3text: 'تستمر المحادثة من حيث كانت، دون أن يضيع شيء أو يتكرر.',
  tag: 'وسم واحد في صفحتك',
  tagtext: 'ألصقه قبل نهاية body. يعمل من أي موقع ولا يحتاج إلى ملفات تعريف الارتباط.',
  copy: 'نسخ',
  copied: 'تم النسخ',
  csp: 'إذا كان لموقعك Content-Security-Policy فاسمح بهذا العنوان في script-src وفي connect-src (ومعه wss:).',
  settings: 'الإعدادات، وكلها اختيارية',
  attribute: 'الخاصية',
  meaning: 'المعنى',
  'a-language': 'en أو ar أو auto: لغة الصفحة، ثم لغة المتصفح.',
  'a-accent': 'لونك، مثل ‎#4353d8. ويبقى النص فوقه مقروءًا.',
  'a-theme': 'light أو dark أو auto: حسب جهاز الزائر.',
  'a-position': 'end أو start أو left أو right. تتبع الزاوية اتجاه القراءة.',
  'a-title': 'عنوان نافذة المحادثة.',
  'a-scenario': 'نوع المحادثة التي تبدأ.',
  'a-visitor': 'الزائر حين يعرفه موقعك، فلا يُسأل من جديد.',
};

const places = [...document.querySelectorAll('[data-text]')];
const nav = document.querySelector('nav');
// The page itself holds the English.
const english = Object.fromEntries(places.map((place) => [place.dataset.text, place.textContent.trim().replace(/\s+/g, ' ')]));
english.language = 'Language';
english.copied = 'Copied';
let words = english;

function show(language) {
  words = language === 'ar' ? arabic : english;
  document.documentElement.lang = language;
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
  for (const place of places) place.textContent = words[place.dataset.text];
  nav.setAttribute('aria-label', words.language);
  for (const button of nav.children) button.setAttribute('aria-pressed', String(button.dataset.language === language));
}

nav.addEventListener('click', (event) => {
  const language = event.target.dataset.language;
  if (!language) return;
  show(language);
  history.replaceState(null, '', '?lang=' + language);
});

const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language;
show(wanted.startsWith('ar') ? 'ar' : 'en');

const snippet = document.getElementById('snippet');
snippet.textContent = `<script src="${location.origin}/widget/chat-centre.js" async></script>`;

const copy = document.getElementById('copy');
copy.addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(snippet.textContent);
  } catch {
    // Without TLS there is no clipboard; a selected tag is one key away.
    getSelection().selectAllChildren(snippet);
    return;
  }
  document.getElementById('copied').textContent = copy.textContent = words.copied;
  setTimeout(() => {
    copy.textContent = words.copy;
    document.getElementById('copied').textContent = '';
  }, 2000);
});

document.getElementById('open-chat').addEventListener('click', () => window.chatCentre?.open());
