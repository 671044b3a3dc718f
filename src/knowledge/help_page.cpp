#include "knowledge/help_page.hpp"

#include "knowledge/markdown.hpp"
#include "knowledge/plain.hpp"

namespace chat_centre::knowledge {
namespace {

struct page_words {
    const char *title, *search, *find, *all, *other, *results, *nothing, *nothing_more, *missing, *helpful,
        *yes, *no, *thanks, *back, *updated, *general, *skip;
};

constexpr page_words words_english{"Help centre",
                                   "Search the help centre",
                                   "Search",
                                   "All topics",
                                   "العربية",
                                   "Articles that fit your question",
                                   "We found no article for this.",
                                   "Try other words, or write to us in the chat: we are glad to help.",
                                   "There is no such article. It may have been moved or taken back.",
                                   "Did this help you?",
                                   "Yes",
                                   "No",
                                   "Thank you for telling us.",
                                   "All articles",
                                   "Last changed",
                                   "General",
                                   "Skip to the content"};
constexpr page_words words_arabic{"مركز المساعدة",
                                  "ابحث في مركز المساعدة",
                                  "بحث",
                                  "كل المواضيع",
                                  "English",
                                  "مقالات تناسب سؤالك",
                                  "لم نجد مقالاً عن هذا.",
                                  "جرّب كلمات أخرى، أو اكتب لنا في المحادثة ويسعدنا أن نساعدك.",
                                  "لا يوجد مقال بهذا العنوان، فربما نُقل أو سُحب.",
                                  "هل أفادك هذا المقال؟",
                                  "نعم",
                                  "لا",
                                  "شكراً لك على إخبارنا.",
                                  "كل المقالات",
                                  "آخر تعديل",
                                  "عام",
                                  "انتقل إلى المحتوى"};

const page_words& words_of(const help_frame& f) { return f.language == "ar" ? words_arabic : words_english; }

// "education_scholarship" -> "Education scholarship"
std::string readable(std::string_view name) {
    std::string out(name);
    for (char& c : out)
        if (c == '_' || c == '-') c = ' ';
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
    return out;
}

struct known_name {
    std::string_view slug, english, arabic;
};
constexpr known_name known_names[] = {
    {"charity", "Foundation", "المؤسسة الخيرية"},
    {"ecommerce", "Online shop", "المتجر الإلكتروني"},
    {"saas", "Software", "البرمجيات"},
    {"services", "Services", "الخدمات"},
    {"education_scholarship", "Scholarships", "المنح الدراسية"},
    {"medical_assistance", "Medical assistance", "المساعدة الطبية"},
    {"goodsam", "GoodSam", "السامري الصالح"},
    {"community_project", "Community projects", "المشاريع المجتمعية"},
    {"status_check", "Your application", "حالة الطلب والمستندات"},
    {"contact", "Contact", "التواصل"},
    {"complaints", "Complaints", "الشكاوى"},
    {"donations", "Donations", "التبرعات"},
    {"orders", "Orders", "الطلبات"},
    {"delivery", "Delivery", "التوصيل"},
    {"returns", "Returns and refunds", "الإرجاع والاسترداد"},
    {"payment", "Payment", "الدفع"},
    {"account", "Account", "الحساب"},
    {"api", "API", "الواجهة البرمجية"},
    {"billing", "Billing", "الفوترة"},
    {"integrations", "Integrations", "التكاملات"},
    {"data", "Data", "البيانات"},
    {"technical", "Technical", "الدعم الفني"},
    {"booking", "Booking", "الحجز"},
    {"prices", "Prices and payment", "الأسعار والدفع"},
    {"visiting", "Your visit", "الزيارة"},
};

// What the organisation named itself is shown as it is.
std::string name_in(std::string_view slug, const help_frame& f) {
    for (const auto& n : known_names)
        if (n.slug == slug) return std::string(f.language == "ar" ? n.arabic : n.english);
    return slug.empty() ? words_of(f).general : readable(slug);
}

std::string page(const help_frame& f, const std::string& title, const std::string& content) {
    const auto& w = words_of(f);
    const std::string home = "/help/" + f.language;
    std::string out = "<!doctype html>\n<html lang=\"" + f.language + "\" dir=\"" +
                      (f.language == "ar" ? "rtl" : "ltr") +
                      "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                      "content=\"width=device-width, initial-scale=1\">\n<title>" +
                      escaped(title) + " · " + escaped(f.company) +
                      "</title>\n<link rel=\"stylesheet\" href=\"/help/style.css\">\n</head>\n<body>\n"
                      "<a class=\"skip\" href=\"#content\">" +
                      w.skip + "</a>\n<header><div class=\"bar\"><a class=\"name\" href=\"" + home + "\">" +
                      escaped(f.company) + " <span>" + w.title + "</span></a>";
    if (!f.other_path.empty())
        out += "<a class=\"language\" lang=\"" + std::string(f.language == "ar" ? "en" : "ar") +
               "\" href=\"" + escaped(f.other_path) + "\">" + w.other + "</a>";
    out += "</div>\n<form class=\"search\" role=\"search\" action=\"" + home + "\"><label for=\"q\">" +
           w.search + "</label><div><input id=\"q\" name=\"q\" type=\"search\" maxlength=\"300\" value=\"" +
           escaped(f.searched) + "\">";
    if (f.scenario) out += "<input type=\"hidden\" name=\"scenario\" value=\"" + escaped(*f.scenario) + "\">";
    out += std::string("<button>") + w.find + "</button></div></form></header>\n<main id=\"content\">\n" +
           content + "</main>\n</body>\n</html>\n";
    return out;
}

std::string chooser(const help_frame& f) {
    if (f.scenarios.size() < 2) return {};
    const auto& w = words_of(f);
    const std::string home = "/help/" + f.language;
    const auto entry = [&](const std::string& address, const std::string& name, bool here) {
        return "<li><a href=\"" + escaped(address) + "\"" + (here ? " aria-current=\"page\"" : "") + ">" +
               escaped(name) + "</a></li>";
    };
    std::string out = std::string("<nav aria-label=\"") + w.all + "\"><ul class=\"topics\">" +
                      entry(home, w.all, !f.scenario);
    for (const auto& s : f.scenarios) out += entry(home + "?scenario=" + s, name_in(s, f), f.scenario == s);
    return out + "</ul></nav>\n";
}

} // namespace

std::string contents_page(const help_frame& f, const std::vector<listed_title>& all) {
    const auto& w = words_of(f);
    std::string out = chooser(f);
    out += std::string("<h1>") + (f.scenario ? escaped(name_in(*f.scenario, f)) : w.title) + "</h1>\n";
    if (all.empty()) out += std::string("<p>") + w.nothing + "</p>\n";
    if (!all.empty()) out += "<div class=\"groups\">\n";
    std::string group = "\n";
    for (const auto& a : all) {
        const std::string here = a.scenario + "\n" + a.category;
        if (here != group) {
            if (group != "\n") out += "</ul></section>\n";
            out += "<section><h2>";
            if (!f.scenario && f.scenarios.size() > 1) out += escaped(name_in(a.scenario, f)) + " · ";
            out += escaped(name_in(a.category, f)) + "</h2>\n<ul class=\"articles\">\n";
            group = here;
        }
        out += "<li><a href=\"/help/" + f.language + "/" + a.slug + "\">" + escaped(a.title) + "</a></li>\n";
    }
    if (group != "\n") out += "</ul></section>\n</div>\n";
    return page(f, w.title, out);
}

std::string found_page(const help_frame& f, const std::vector<hit>& hits) {
    const auto& w = words_of(f);
    std::string out = chooser(f) + "<h1>" + (hits.empty() ? w.nothing : w.results) + "</h1>\n";
    if (hits.empty()) out += std::string("<p>") + w.nothing_more + "</p>\n";
    for (const auto& h : hits)
        out += "<section class=\"hit\"><h2><a href=\"/help/" + h.language + "/" + h.slug + "\">" +
               escaped(h.title) + "</a></h2><p>" + escaped(shortened(h.passage, 240)) + "</p></section>\n";
    return page(f, w.title, out);
}

std::string article_page_html(const help_frame& f, const article& a, bool thanked) {
    const auto& w = words_of(f);
    std::string out = "<p class=\"back\"><a href=\"/help/" + f.language +
                      (a.text.scenario ? "?scenario=" + *a.text.scenario : "") + "\">" + w.back +
                      "</a></p>\n<article><h1>" + escaped(a.text.title) + "</h1>\n" + to_html(a.text.body) +
                      "<p class=\"changed\">" + w.updated + " <time datetime=\"" + to_rfc3339(a.updated_at) +
                      "\">" + to_rfc3339(a.updated_at).substr(0, 10) + "</time></p></article>\n";
    if (thanked)
        out += std::string("<p class=\"thanks\" role=\"status\">") + w.thanks + "</p>\n";
    else
        out += "<form class=\"feedback\" method=\"post\" action=\"/help/" + f.language + "/" + a.slug +
               "/feedback\"><span id=\"ask\">" + w.helpful +
               "</span><button name=\"helpful\" value=\"yes\" aria-describedby=\"ask\">" + w.yes +
               "</button><button name=\"helpful\" value=\"no\" aria-describedby=\"ask\">" + w.no +
               "</button></form>\n";
    return page(f, a.text.title, out);
}

std::string missing_page(const help_frame& f) {
    const auto& w = words_of(f);
    return page(f, w.title,
                std::string("<h1>") + w.missing + "</h1>\n<p><a href=\"/help/" + f.language + "\">" + w.back +
                    "</a></p>\n");
}

std::string_view help_style() {
    return R"css(:root{color-scheme:light dark;--ink:#1c2330;--soft:#566073;--paper:#fff;--band:#eef0fb;--line:#d9deea;--edge:#7d879b;--link:#3a48c4;--fill:#4353d8}
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf4;--soft:#a9b3c6;--paper:#12161f;--band:#1a1f33;--line:#2e3648;--edge:#6b7690;--link:#a3b0ff;--fill:#4d5ce0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.65 "Inter Variable",Inter,system-ui,"Noto Sans","IBM Plex Sans Arabic","Noto Sans Arabic",sans-serif;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:3px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;inset-inline-start:-999px}
.skip:focus{inset-inline-start:1rem;top:.5rem;background:var(--paper);padding:.5rem}
header{background:var(--band);border-block-end:1px solid var(--line);padding:1.25rem 1rem 2rem}
.bar,.search,main{max-width:60rem;margin-inline:auto}
.bar{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.5rem 1rem;align-items:baseline}
.name{font-weight:700;font-size:1.125rem;color:var(--ink);text-decoration:none}
.name span{font-weight:400;color:var(--soft)}
.search{margin-block-start:1.5rem}
.search label{display:block;margin-block-end:.5rem;font-weight:700;font-size:1.25rem}
.search div{display:flex;gap:.5rem;max-width:44rem}
input[type=search]{flex:1;min-width:0}
input[type=search],button{font:inherit;min-height:3rem;padding:.25rem 1rem;border:1px solid var(--edge);border-radius:.75rem;background:var(--paper);color:var(--ink)}
button{cursor:pointer}
button:hover{border-color:var(--link);color:var(--link)}
.search button{border-color:transparent;background:var(--fill);color:#fff;font-weight:600}
.search button:hover{filter:brightness(.92)}
main{padding:1.5rem 1rem 4rem}
@media(min-width:62rem){main{padding-inline:0}}
h1{margin-block:1.5rem .75rem;font-size:1.625rem;line-height:1.3}
h2{margin-block:0 .5rem;font-size:1.0625rem;line-height:1.4}
.topics{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0;margin:0}
.topics a{display:block;padding:.375rem 1rem;border:1px solid var(--line);border-radius:2rem;text-decoration:none}
.topics a:hover{border-color:var(--link)}
.topics a[aria-current]{background:var(--link);color:var(--paper);border-color:var(--link)}
.groups{columns:17rem;column-gap:1rem}
.groups section,.hit{padding:1.25rem;border:1px solid var(--line);border-radius:1rem}
.groups section{break-inside:avoid;margin-block-end:1rem}
.hit{max-width:44rem;margin-block-start:1rem}.hit p{margin:0;color:var(--soft)}
.articles{display:grid;gap:.5rem;margin:0;padding:0;list-style:none;line-height:1.4}
.articles a,h2 a{text-decoration:none}.articles a:hover,h2 a:hover{text-decoration:underline}
article{max-width:44rem}article h2{margin-block-start:1.75rem;font-size:1.25rem}article li{margin-block:.25rem}
pre{overflow-x:auto;background:var(--band);padding:.75rem;border-radius:.5rem}
code{font-family:ui-monospace,monospace;background:var(--band)}
blockquote{border-inline-start:4px solid var(--line);margin-inline:0;padding-inline-start:1rem;color:var(--soft)}
.changed,.back{color:var(--soft);font-size:.875rem}
.feedback,.thanks{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;max-width:44rem;border-block-start:1px solid var(--line);margin-block-start:2rem;padding-block-start:1.25rem}
)css";
}

} // namespace chat_centre::knowledge
