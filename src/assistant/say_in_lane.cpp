#include "assistant/say_in_lane.hpp"

#include <chat_centre/base/ids.hpp>
#include <chat_centre/conversation/conversation.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <spdlog/spdlog.h>

namespace chat_centre::assistant {
namespace {

struct attempt {
    stored how = stored::refused;
    std::optional<error> failed;
};

boost::asio::awaitable<void> say_one(conversation::append_lane& lane, conversation::incoming m, attempt& out) {
    const auto conversation = m.conversation;
    try {
        co_await lane.append(std::move(m));
        out.how = stored::yes;
    } catch (const error& e) {
        if (e.status() == 503)
            out.failed = e;
        else
            spdlog::debug("the assistant stays silent in {}: {}", format_id("CONV", conversation), e.detail());
    } catch (const std::exception& e) { // the database's other refusals: this one answer only
        spdlog::error("the assistant's answer in {} was not stored: {}", format_id("CONV", conversation),
                      e.what());
    }
}

} // namespace

conversation::incoming message_for(std::int64_t event, std::int64_t conversation, int seq,
                                   conversation::speaker role, std::string sender, std::string text) {
    conversation::incoming m;
    m.channel = "assistant";
    m.conversation = conversation;
    m.role = role;
    m.sender = std::move(sender);
    m.own_assistant = true;
    m.message_id = "MSG-EV" + std::to_string(event);
    m.client_message_id = conversation::reply_mark(seq);
    m.body_hash = hash64(text);
    m.text = std::move(text);
    return m;
}

std::vector<stored> say_all(conversation::append_lane& lane, std::vector<conversation::incoming> messages) {
    if (messages.empty()) return {};
    boost::asio::io_context io(1);
    std::vector<attempt> attempts(messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i)
        boost::asio::co_spawn(io, say_one(lane, std::move(messages[i]), attempts[i]), boost::asio::detached);
    io.run();
    std::vector<stored> out;
    for (const auto& a : attempts) {
        if (a.failed) throw error(*a.failed);
        out.push_back(a.how);
    }
    return out;
}

} // namespace chat_centre::assistant
