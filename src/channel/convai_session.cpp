#include "channel/convai_session.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/text.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cctype>

namespace chat_centre::channel {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto settling = 50ms;   // the client library attaches its listener after our first frame
constexpr auto start_limit = 30s; // for the peer's first frame
constexpr auto ping_every = 20s;
constexpr auto typing_every = 2s;               // of activity frames, which come with every key
constexpr std::size_t longest_message = 16'000; // characters
constexpr std::size_t most_contexts = 8;
constexpr std::size_t longest_introduction = 8 * 1024;
constexpr int most_bad_frames = 10;
constexpr int close_normal = 1000;
constexpr int close_contract = 1008;
constexpr int close_internal = 1011;

std::string new_session_id() {
    std::string id = random_id(26);
    std::transform(id.begin(), id.end(), id.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return "conv_" + id;
}

std::string first_characters(std::string_view text, std::size_t most) {
    std::string out;
    for (std::size_t n = 0; n < most && !text.empty(); ++n) {
        const std::size_t before = text.size();
        const std::string_view all = text;
        next_code_point(text);
        out += all.substr(0, before - text.size());
    }
    return out;
}

std::string or_else(const std::string& first, const std::string& second) {
    return first.empty() ? second : first;
}

} // namespace

convai_session::convai_session(conversation::surroundings& s, std::shared_ptr<const convai_settings> settings,
                               convai_call call)
    : s_(s), settings_(std::move(settings)), call_(std::move(call)),
      stage_({settings_->waiting_notice, settings_->staff_names}), session_id_(new_session_id()) {}

void convai_session::opened(std::shared_ptr<realtime::line> l) {
    line_ = std::move(l);
    opened_ = line_->now();
}

// --- the peer's frames

void convai_session::heard(std::string_view frame) {
    convai_frame f;
    try {
        f = read_convai_frame(frame);
    } catch (const error& e) {
        line_->send(convai_error(close_contract, "invalid_message", e.detail()));
        if (++bad_frames_ >= most_bad_frames)
            line_->close(close_contract, "too many frames that cannot be read");
        return;
    }
    if (!started_) {
        const bool nothing_yet = f.kind == convai_kind::other || f.kind == convai_kind::pong;
        if (nothing_yet) return; // enclave_setup_config comes before the start
        begin(f.start, f.kind == convai_kind::start ? frame : std::string_view{});
        if (f.kind == convai_kind::start) return;
    }
    if (greeted_) settle();
    handle(f, frame);
    flush();
}

void convai_session::begin(const convai_start& start, std::string_view frame) {
    started_ = true;
    start_ = start;
    know_them(start);
    if (!line_->open()) return;
    pinged_ = line_->now();
    // Whoever is known goes on where they were; everybody else begins anew.
    if (call_.visitor || is_unguessable(start.user_id)) enqueue({.what = job::kind::find});
    if (call_.dial)
        connect_agent(frame);
    else
        greet();
}

void convai_session::greet() {
    greeted_ = true;
    line_->send(convai_metadata(session_id_));
    line_->spawn(settle_soon(shared_from_this()));
}

// The page can say what it likes: only a signed text, or an id that is itself a secret, makes somebody the same customer
// as before. Any other id stays readable for staff, but belongs to this session alone.
void convai_session::know_them(const convai_start& start) {
    if (!call_.visitor && !start.ticket.empty())
        if (const auto text = settings_->read_signed(convai_ticket_prefix, start.ticket))
            call_.visitor = from_ticket_text(*text, s_.clock.now());
    if (!call_.visitor && settings_->ticket_required) {
        fail(close_contract, "authorization",
             "This page may not open a conversation: its token is missing or too old.");
        return;
    }
    if (call_.visitor) {
        said_ = *call_.visitor;
        user_id_ = said_.user_id;
    } else if (is_unguessable(start.user_id)) {
        user_id_ = "web_" + start.user_id;
    } else {
        const std::string name = first_characters(start.user_id, 100);
        user_id_ = "web_" + (name.empty() ? "" : name + "~") + random_id(12);
    }
    said_.user_name = or_else(said_.user_name, start.user_name);
    said_.user_email = or_else(said_.user_email, start.user_email);
    said_.user_phone = or_else(said_.user_phone, start.user_phone);
    said_.scenario = or_else(said_.scenario, start.scenario);
    said_.language = or_else(start.language, said_.language);
    language_given_ = !said_.language.empty();
    stage_.speak(said_.language);
}

asio::awaitable<void> convai_session::settle_soon(std::shared_ptr<convai_session> self) {
    asio::steady_timer pause(self->line_->executor(), settling);
    co_await pause.async_wait(asio::use_awaitable);
    self->settle();
    self->flush();
}

void convai_session::settle() {
    if (settled_ || !greeted_) return;
    settled_ = true;
    if (relay_ && !agent_lost_) return; // their agent greets
    // A page with a greeting has drawn it already and takes the first thing that the agent says for it. Whether the widget
    // has one in its own settings cannot be seen from here: it gets an empty first line, which it never draws.
    const bool widget = call_.source == "widget" || start_.source == "widget";
    if (widget || !start_.first_message.empty())
        line_->send(convai_response(start_.first_message, stage_.next_event()));
}

void convai_session::handle(const convai_frame& f, std::string_view frame) {
    const bool for_the_agent = f.kind == convai_kind::activity || f.kind == convai_kind::context ||
                               f.kind == convai_kind::feedback || f.kind == convai_kind::other;
    if (relay_ && for_the_agent) relay_->pass(std::string(frame));
    switch (f.kind) {
    case convai_kind::message: message(f, frame); break;
    case convai_kind::activity:
        if (bound_ == 0 || line_->now() - typed_ < typing_every) break;
        typed_ = line_->now();
        line_->act(R"({"type":"typing","typing":true})");
        break;
    case convai_kind::context:
        if (is_blank(f.text)) break;
        if (contexts_.size() >= most_contexts) contexts_.erase(contexts_.begin());
        contexts_.push_back(f.text);
        break;
    case convai_kind::feedback:
        if (const auto seq = stage_.message_of(f.event); seq && f.like)
            enqueue({.what = job::kind::judge, .seq = *seq, .liked = *f.like});
        break;
    case convai_kind::pong:
        if (f.event == pings_)
            round_trip_ =
                std::chrono::duration_cast<std::chrono::milliseconds>(line_->now() - pinged_).count();
        break;
    case convai_kind::audio:
        if (!refused_audio_) stage_.say(convai_line::text_only, line_->now());
        refused_audio_ = true;
        break;
    case convai_kind::start:
    case convai_kind::other: break;
    }
}

void convai_session::message(const convai_frame& f, std::string_view frame) {
    const auto now = line_->now();
    if (f.file && !relay_) stage_.say(convai_line::no_files, now);
    if (is_blank(f.text)) return;
    stage_.customer_spoke(now);
    if (!language_given_)
        if (const auto language = detect_language(f.text); language == "en" || language == "ar")
            stage_.speak(language);
    if (count_characters(f.text) > longest_message) {
        stage_.say(convai_line::too_long, now);
        return;
    }
    if (jobs_.size() >= most_jobs) {
        stage_.say(convai_line::too_fast, now);
        return;
    }
    enqueue(
        {.what = job::kind::store, .text = f.text, .metadata = metadata_of_next(), .frame = std::string(frame)});
}

// Where the session comes from goes with its first message, and what the page said about the customer with the next one.
std::string convai_session::metadata_of_next() {
    json out = json::object();
    if (!introduced_) {
        json from = {{"session_id", session_id_}};
        const auto note = [&from](const char* name, const std::string& value) {
            if (!value.empty()) from[name] = value;
        };
        note("agent_id", call_.agent_id);
        note("source", or_else(start_.source, call_.source));
        note("version", or_else(start_.version, call_.version));
        note("user_id", start_.user_id);
        if (!start_.variables.empty() && dump(start_.variables).size() <= longest_introduction)
            from["dynamic_variables"] = start_.variables;
        out["elevenlabs"] = std::move(from);
        introduced_ = true;
    }
    if (!contexts_.empty()) out["context"] = std::exchange(contexts_, {});
    return out.empty() ? std::string{} : dump(out);
}

// --- what happens in the conversation

void convai_session::told(std::string_view frame) {
    if (frame.starts_with(R"({"type":"heartbeat")")) return;
    const json j = json::parse(frame, nullptr, false);
    if (!j.is_object()) return;
    if (stage_.tell(j, line_->now()) && bound_ != 0) {
        // Missed something: once more from the last event that came, and when that is gone the page begins anew.
        if (line_->now() - joined_ > 1min) reloads_ = 0;
        if (++reloads_ > 2) {
            line_->close(close_internal, convai_words(convai_line::lost, stage_.language()));
            return;
        }
        join(bound_, std::max(since_, stage_.last_event()));
    }
    if (relay_) remember(j);
    follow_turn();
    flush();
}

void convai_session::flush() {
    if (!settled_ || !line_->open()) return;
    for (auto& frame : stage_.take()) line_->send(std::move(frame));
    if (stage_.over()) line_->close(close_normal, convai_words(convai_line::ended, stage_.language()));
}

void convai_session::looked_at() {
    const auto now = line_->now();
    if (!started_) {
        if (now - opened_ > start_limit)
            fail(close_contract, "start_missing", "The first frame did not come.");
        return;
    }
    if (greeted_ && now - pinged_ >= ping_every) { // nothing comes before our first frame
        pinged_ = now;
        line_->send(convai_ping(++pings_, round_trip_));
    }
    stage_.look(now);
    flush();
}

std::string convai_session::parting(std::uint16_t code) const {
    constexpr std::uint16_t restart = 1012;
    return convai_words(code == restart ? convai_line::restart : convai_line::lost, stage_.language());
}

void convai_session::fail(int code, std::string_view type, const std::string& text) {
    line_->send(convai_error(code, type, text));
    line_->close(static_cast<std::uint16_t>(code), text);
}

} // namespace chat_centre::channel
