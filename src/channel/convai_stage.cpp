#include "channel/convai_stage.hpp"

#include <algorithm>

namespace chat_centre::channel {
namespace {

constexpr std::size_t most_sent = 200;              // messages that feedback can be about
constexpr std::int64_t typing_milliseconds = 6'000; // as long as the hub shows typing without a renewal

std::string told_text(const json& j, const char* name) {
    const auto it = j.find(name);
    return it != j.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

std::optional<std::int64_t> told_number(const json& j, const char* name) {
    const auto it = j.find(name);
    if (it == j.end() || !it->is_number()) return std::nullopt;
    return it->get<std::int64_t>();
}

} // namespace

convai_standing convai_standing_of(const json& data) {
    convai_standing s;
    s.status = told_text(data, "status");
    s.handler = told_text(data, "handler");
    if (const auto it = data.find("assigned_staff"); it != data.end() && it->is_object())
        s.staff = told_text(*it, "name");
    s.place = told_number(data, "queue_position");
    s.wait_seconds = told_number(data, "estimated_wait_seconds");
    return s;
}

std::string convai_words(convai_line what, std::string_view language) {
    const bool ar = language == "ar";
    switch (what) {
    case convai_line::ended:
        return ar ? "انتهت هذه المحادثة. اكتب لنا متى احتجت إلينا."
                  : "This conversation has ended. Write again whenever you need us.";
    case convai_line::text_only:
        return ar ? "هذه محادثة نصية، ولا يمكننا سماعك. اكتب رسالتك من فضلك."
                  : "This is a text chat and we cannot hear you. Please type your message.";
    case convai_line::no_files:
        return ar ? "لا يمكن استلام الملفات هنا. صِف ما فيه من فضلك."
                  : "Files cannot be received here. Please describe what is in it.";
    case convai_line::not_stored:
        return ar ? "لم تصلنا رسالتك الأخيرة. أرسلها مرة أخرى من فضلك."
                  : "Your last message did not reach us. Please send it again.";
    case convai_line::too_long:
        return ar ? "رسالتك الأخيرة طويلة جدًا ولم تصلنا. أرسلها مقسمة إلى أجزاء من فضلك."
                  : "Your last message is too long and did not reach us. Please send it in parts.";
    case convai_line::too_fast:
        return ar ? "رسائلك سريعة جدًا، ولم تصلنا كلها. انتظر لحظة ثم أرسل آخرها من جديد."
                  : "You are sending too fast, and not everything reached us. Wait a moment and send the last again.";
    case convai_line::restart:
        return ar ? "تمت إعادة تشغيل الخدمة. اكتب من جديد لتكمل."
                  : "The service restarts. Write again to go on.";
    case convai_line::no_agent:
        return ar ? "لا يمكن الوصول إلى المساعد الآن. سيجيبك أحد زملائنا."
                  : "Our assistant cannot be reached right now. A colleague will answer you.";
    case convai_line::lost:
        return ar ? "انقطع الاتصال. اكتب من جديد لتكمل." : "The connection was lost. Write again to go on.";
    }
    return {};
}

std::string convai_waiting_words(const convai_standing& at, std::string_view language) {
    const bool ar = language == "ar";
    if (at.handler == "staff") {
        if (ar) return "شكرًا لصبرك، ما زال زميلنا " + (at.staff.empty() ? "" : at.staff + " ") + "معك.";
        return "Thank you for your patience. " + (at.staff.empty() ? "A colleague" : at.staff) +
               " is still with you.";
    }
    std::string out =
        ar ? "شكرًا لانتظارك، سينضم إليك أحد زملائنا." : "Thank you for waiting. A colleague will join you.";
    if (at.place)
        out += ar ? " ترتيبك في قائمة الانتظار: " + std::to_string(*at.place) + "."
                  : " Your place in the queue: " + std::to_string(*at.place) + ".";
    if (at.wait_seconds) {
        const auto minutes = std::to_string(std::max<std::int64_t>(1, (*at.wait_seconds + 59) / 60));
        out += ar ? " مدة الانتظار المتوقعة بالدقائق: " + minutes + "."
                  : " Expected wait in minutes: " + minutes + ".";
    }
    return out;
}

void convai_stage::enter(const convai_standing& at, std::int64_t last_seq, moment now) {
    at_ = at;
    last_seq_ = last_seq;
    shown_ = now;
    // What was ended before is taken up again by their next message.
    if (at_.status == "resolved" || at_.status == "closed") at_.handler = "bot";
    // Who comes back to the queue is told soon, when their place is known.
    if (at_.handler == "queue") soon_ = now + std::chrono::seconds(2);
    if (at_.handler != "staff") return;
    person_ = true;
    out_.push_back(convai_person_came());
}

bool convai_stage::tell(const json& frame, moment now) {
    const std::string type = told_text(frame, "type");
    if (type == "resync") return true;
    if (type == "error") {
        if (told_text(frame, "code") == "rate_limited") say(convai_line::too_fast, now);
        return false;
    }
    const auto events = frame.find("events");
    if (type != "events" || events == frame.end() || !events->is_array()) return false;
    for (const json& e : *events) {
        const auto data = e.find("data");
        if (data == e.end() || !data->is_object() || over_) continue;
        if (const auto id = told_number(e, "id"); id && *id > 0) last_event_ = *id;
        const std::string what = told_text(e, "type");
        if (what == "message.new") {
            message(*data, now);
        } else if (what == "conversation.update" || what == "conversation.new") {
            change(convai_standing_of(*data), now);
        } else if (what == "typing") {
            const auto on = data->find("typing");
            if (told_text(*data, "who") == "staff" && on != data->end() && on->is_boolean())
                out_.push_back(convai_typing(on->get<bool>(), on->get<bool>() ? typing_milliseconds : 0));
        }
    }
    return false;
}

void convai_stage::message(const json& data, moment now) {
    const auto seq = told_number(data, "seq").value_or(0);
    if (seq <= last_seq_) return;
    last_seq_ = seq;
    const std::string role = told_text(data, "role");
    if (role != "system") unanswered_ = role == "user"; // a notice is no answer
    if (role == "user") return;                         // the page has drawn it itself
    if (role == "ai" && relayed_) return;
    std::string text = told_text(data, "message");
    const std::int64_t number = next_event();
    if (role == "ai") {
        for (auto& piece : convai_parts(text, number)) out_.push_back(std::move(piece));
    } else if (role == "staff") {
        // All bubbles of the widget look alike: the name says who speaks.
        const std::string sender = told_text(data, "sender");
        if (manners_.staff_names && sender != named_) text = sender + ": " + text;
        named_ = sender;
    }
    out_.push_back(convai_response(text, number));
    sent(number, static_cast<int>(seq));
    shown_ = now;
}

void convai_stage::sent(std::int64_t event, int seq) {
    sent_.emplace_back(event, seq);
    if (sent_.size() > most_sent) sent_.pop_front();
}

void convai_stage::change(const convai_standing& to, moment now) {
    const bool person = to.handler == "staff";
    const bool ended = to.status == "resolved" || to.status == "closed";
    const bool was_ended = at_.status == "resolved" || at_.status == "closed";
    at_ = to;
    if (ended) {
        if (was_ended) return; // it had ended before this session began
        say(convai_line::ended, now);
        if (person_) out_.push_back(convai_person_left());
        out_.push_back(convai_end_call(next_event()));
        over_ = true;
        return;
    }
    if (person == person_) return;
    person_ = person;
    named_.clear();
    out_.push_back(person ? convai_person_came() : convai_person_left());
}

void convai_stage::customer_spoke(moment now) { shown_ = now; }

void convai_stage::look(moment now) {
    const bool waits = at_.handler == "queue" || (at_.handler == "staff" && unanswered_);
    const bool due = now - shown_ >= manners_.waiting_notice || (soon_ && now >= *soon_);
    if (!waits || over_ || !due) return;
    soon_.reset();
    say_text(convai_waiting_words(at_, language_), now);
}

void convai_stage::say(convai_line what, moment now) { say_text(convai_words(what, language_), now); }

void convai_stage::say_text(std::string_view text, moment now) {
    out_.push_back(convai_response(text, next_event()));
    shown_ = now;
}

std::optional<int> convai_stage::message_of(std::int64_t event) const {
    const auto it =
        std::find_if(sent_.begin(), sent_.end(), [event](const auto& s) { return s.first == event; });
    if (it == sent_.end()) return std::nullopt;
    return it->second;
}

} // namespace chat_centre::channel
