// Before a conversation begins: who is calling, and what a page needs to open the widget.

#include <chat_centre/channel/elevenlabs_tools.hpp>

#include "channel/convai_ticket.hpp"
#include "channel/queries.hpp"
#include "channel/socket_address.hpp"

#include <chat_centre/auth/page_token.hpp>
#include <chat_centre/base/ids.hpp>
#include <chat_centre/base/phone.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <memory>
#include <optional>

namespace chat_centre::channel {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds ring_limit{700}; // the telephone rings meanwhile
constexpr int most_waiting = 16;                     // pages, for an address of theirs; more get ours only

struct known_caller {
    std::string name, user_id, open_ticket, last_interaction;
    bool known = false;
};

// For one value of a query.
std::string encoded_part(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= 'a' && byte <= 'z') || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += hex[byte >> 4U];
            out += hex[byte & 15U];
        }
    }
    return out;
}

known_caller find_caller(db::tx& t, const std::string& e164) {
    known_caller out;
    const auto r = t.maybe(sql::caller_by_phone, e164);
    if (!r) return out;
    out.known = true;
    out.name = r->get<std::string>(1);
    if (const auto at = r->get<std::optional<time_point>>(2))
        out.last_interaction = to_rfc3339(*at).substr(0, 10);
    out.user_id = r->get<std::optional<std::string>>(3).value_or("");
    out.open_ticket = r->get<std::optional<std::string>>(4).value_or("");
    return out;
}

// The answer of a database that takes too long is not waited for: a call that nobody knows is answered, too.
struct caller_search {
    explicit caller_search(const asio::any_io_executor& where) : alarm(where) {}
    asio::steady_timer alarm;
    known_caller found;

    static asio::awaitable<void> run(std::shared_ptr<caller_search> self, db::pool& pool, std::string e164) {
        try {
            auto look = [e164](db::tx& t) { return find_caller(t, e164); };
            self->found = co_await pool.run(std::move(look));
        } catch (const std::exception& e) {
            spdlog::warn("looking for a caller: {}", e.what());
        }
        self->alarm.cancel();
    }
};

struct their_address {
    std::optional<std::string> url;
    std::string fault; // why there is none
};

// One request to ElevenLabs, off the I/O thread. What it answers may hold the address, and is not shown.
their_address fetch_their_address(const http::outbound_rules& rules, const elevenlabs_setup& s) {
    constexpr const char* beginning = "ElevenLabs gave no signed URL: ";
    try {
        const auto answer = http::get(
            rules, s.api_url + "/v1/convai/conversation/get-signed-url?agent_id=" + encoded_part(s.agent_id),
            {{"xi-api-key", s.api_key}});
        if (answer.status != 200) return {{}, beginning + ("answered " + std::to_string(answer.status))};
        const json j = json::parse(answer.body, nullptr, false);
        if (j.is_object() && j.contains("signed_url") && j["signed_url"].is_string())
            return {j["signed_url"].get<std::string>(), ""};
        return {{}, std::string(beginning) + "there is none in the answer"};
    } catch (const std::exception& e) { // http::no_answer
        return {{}, std::string(beginning) + e.what()};
    }
}

// A coroutine only so that it can be run on another thread.
asio::awaitable<their_address> fetch_elsewhere(http::outbound_rules rules,
                                               std::shared_ptr<const elevenlabs_setup> s) {
    co_return fetch_their_address(rules, *s);
}

} // namespace

elevenlabs_tools::elevenlabs_tools(const elevenlabs_context& c, http::outbound_rules rules)
    : c_(c), rules_(std::move(rules)), outside_(std::make_shared<asio::thread_pool>(1)) {
    rules_.limit = std::chrono::seconds(5);
}

boost::asio::awaitable<http::response> elevenlabs_tools::initiate(http::request r) {
    const auto b = read_fields<initiation_body>(r.json_body(), unknown_fields::ignore);
    c_.desk.uses.note("conversation_init");
    const auto phone = parse_phone(or_empty(b.caller_id), c_.default_country);
    known_caller caller;
    if (phone && phone->valid) {
        const auto search = std::make_shared<caller_search>(co_await asio::this_coro::executor);
        search->alarm.expires_after(ring_limit);
        asio::co_spawn(co_await asio::this_coro::executor,
                       caller_search::run(search, c_.chats.pool, phone->e164), asio::detached);
        boost::system::error_code ignored;
        co_await search->alarm.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        caller = search->found;
    }
    const std::string call = or_empty(b.call_sid).empty() ? or_empty(b.conversation_id) : or_empty(b.call_sid);
    // The same call asks again with the same result.
    const std::string visit =
        call.empty() ? "ccs_" + random_id(20) : "ccs_" + sha256_base64url("call\x1f" + call).substr(0, 24);
    const std::string user = !caller.user_id.empty() ? caller.user_id
                             : phone && phone->valid ? "tel:" + phone->e164
                                                     : visit;
    const json answer = {{"type", "conversation_initiation_client_data"},
                         {"user_id", user},
                         {"dynamic_variables",
                          {{"user_name", caller.name},
                           {"cc_session", visit},
                           {"open_ticket", caller.open_ticket},
                           {"last_interaction", caller.last_interaction},
                           {"known_customer", caller.known ? "yes" : "no"}}}};
    co_return http::response::of(answer);
}

boost::asio::awaitable<http::response> elevenlabs_tools::signed_url(http::request r) {
    const auto setup = c_.desk.setup();
    if (const auto origin = r.header("origin"); !origin.empty() && !origin_allowed(*setup, origin))
        throw error::forbidden("Pages of this site may not ask: it is not on the list of allowed origins.");
    const auto now = c_.chats.clock.now();
    const auto key = c_.key_for(auth::page_key);
    auth::page_claims page{std::string(auth::page_sync), "web_" + random_id(20), "ccs_" + random_id(20), {}};
    const auto user = r.query("user_id");
    if (const auto former = r.query("token"); former && !former->empty())
        if (auto read = auth::read_page_token(key, *former, auth::page_sync, now, true))
            page = std::move(*read);
    if (user && !user->empty()) {
        // Who a page says it is proves nothing; a site's server may say it.
        if (r.who.kind != caller::api_key || !r.who.may(permission::sync_write))
            throw error::forbidden("Only a server with a key may name the user.");
        if (count_characters(*user) > 200)
            throw error::unprocessable("user_id", "must have at most 200 characters");
        page.user_id = *user;
    }
    page.expires = now + auth::page_token_life;
    c_.desk.uses.note("signed_url");
    const std::string ticket =
        c_.sign(convai_ticket_prefix,
                to_ticket_text({page.user_id, "", "", "", "", "", now + auth::socket_token_life}));
    std::string path = "/convai/ws?";
    if (!setup->agent_id.empty()) path += "agent_id=" + encoded_part(setup->agent_id) + "&";
    json answer = {{"signed_url", socket_address(r, c_.public_url, path + "t=" + ticket)},
                   {"cc_session", page.session},
                   {"user_id", page.user_id},
                   {"page_token", auth::make_page_token(key, page)},
                   {"expires_at", to_rfc3339(page.expires)},
                   {"elevenlabs_signed_url", nullptr}};
    const bool relay = setup->mode == "relay" && !setup->api_key.empty() && !setup->agent_id.empty();
    if (relay && *waiting_ < most_waiting) {
        ++*waiting_;
        auto fetching = fetch_elsewhere(rules_, setup);
        const auto theirs =
            co_await asio::co_spawn(outside_->get_executor(), std::move(fetching), asio::use_awaitable);
        --*waiting_;
        if (theirs.url) {
            answer["elevenlabs_signed_url"] = *theirs.url;
        } else {
            c_.desk.uses.note("signed_url_refused", theirs.fault);
            spdlog::warn("{} {}", r.request_id, theirs.fault);
        }
    }
    co_return http::response::of(answer);
}

} // namespace chat_centre::channel
