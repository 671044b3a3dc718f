#include "presence.hpp"

#include <algorithm>

namespace chat_centre::realtime {

bool presence_board::opened(std::int64_t staff) {
    const std::lock_guard lock(mutex_);
    const auto [it, fresh] = leases_.try_emplace(staff);
    ++it->second.sockets;
    return fresh;
}

void presence_board::closed(std::int64_t staff, moment until) {
    const std::lock_guard lock(mutex_);
    const auto it = leases_.find(staff);
    if (it == leases_.end() || it->second.sockets == 0) return;
    if (--it->second.sockets == 0) it->second.until = until;
}

std::vector<std::int64_t> presence_board::gone(moment now) {
    std::vector<std::int64_t> out;
    const std::lock_guard lock(mutex_);
    std::erase_if(leases_, [&](const auto& item) {
        const bool over = item.second.sockets == 0 && item.second.until <= now;
        if (over) out.push_back(item.first);
        return over;
    });
    return out;
}

bool presence_board::views(std::int64_t conversation, std::int64_t staff) const {
    const auto it = viewing_.find(conversation);
    return it != viewing_.end() && std::any_of(it->second.begin(), it->second.end(),
                                               [&](const viewer& v) { return v.who.staff == staff; });
}

bool presence_board::types(std::int64_t conversation, std::int64_t staff) const {
    for (auto it = typing_.lower_bound({conversation, 0});
         it != typing_.end() && it->first.first == conversation; ++it)
        if (it->second.who.staff == staff) return true;
    return false;
}

void presence_board::forget_place(socket_key socket, std::int64_t conversation) {
    if (typing_.contains({conversation, socket})) return;
    if (const auto it = viewing_.find(conversation); it != viewing_.end()) {
        for (const viewer& v : it->second)
            if (v.socket == socket) return;
    }
    const auto it = places_.find(socket);
    if (it == places_.end()) return;
    it->second.erase(conversation);
    if (it->second.empty()) places_.erase(it);
}

std::size_t presence_board::places(socket_key socket) const {
    const std::lock_guard lock(mutex_);
    const auto it = places_.find(socket);
    return it == places_.end() ? 0 : it->second.size();
}

bool presence_board::view(socket_key socket, std::int64_t conversation, const participant& who, bool on) {
    const std::lock_guard lock(mutex_);
    const bool before = views(conversation, who.staff);
    if (on) {
        auto& list = viewing_[conversation];
        if (std::none_of(list.begin(), list.end(), [&](const viewer& v) { return v.socket == socket; }))
            list.push_back({socket, who});
        places_[socket].insert(conversation);
        return !before;
    }
    const auto it = viewing_.find(conversation);
    if (it == viewing_.end()) return false;
    std::erase_if(it->second, [&](const viewer& v) { return v.socket == socket; });
    if (it->second.empty()) viewing_.erase(it);
    forget_place(socket, conversation);
    return before && !views(conversation, who.staff);
}

presence_board::typing_change presence_board::type(socket_key socket, std::int64_t conversation,
                                                   const participant& who, bool on, typing_kind kind,
                                                   moment until) {
    const std::lock_guard lock(mutex_);
    const bool before = types(conversation, who.staff);
    if (!on) {
        typing_.erase({conversation, socket});
        forget_place(socket, conversation);
        return {before && !types(conversation, who.staff), false};
    }
    const auto it = typing_.find({conversation, socket});
    const bool left_reply =
        it != typing_.end() && it->second.kind == typing_kind::reply && kind == typing_kind::note;
    typing_.insert_or_assign({conversation, socket}, typist{who, kind, until});
    places_[socket].insert(conversation);
    return {!before, left_reply};
}

std::vector<presence_board::ending> presence_board::lapsed(moment now) {
    std::vector<ending> out;
    const std::lock_guard lock(mutex_);
    for (auto it = typing_.begin(); it != typing_.end();) {
        if (it->second.until > now) {
            ++it;
            continue;
        }
        const auto [conversation, socket] = it->first;
        const typist t = std::move(it->second);
        it = typing_.erase(it);
        forget_place(socket, conversation);
        if (!types(conversation, t.who.staff)) out.push_back({conversation, t.who, true, t.kind});
    }
    return out;
}

void presence_board::leave_locked(socket_key socket, std::int64_t conversation, std::vector<ending>& out) {
    if (const auto it = typing_.find({conversation, socket}); it != typing_.end()) {
        const typist t = std::move(it->second);
        typing_.erase(it);
        if (!types(conversation, t.who.staff)) out.push_back({conversation, t.who, true, t.kind});
    }
    const auto list = viewing_.find(conversation);
    if (list == viewing_.end()) return;
    const auto mine = std::find_if(list->second.begin(), list->second.end(),
                                   [&](const viewer& v) { return v.socket == socket; });
    if (mine == list->second.end()) return;
    const participant who = std::move(mine->who);
    list->second.erase(mine);
    if (list->second.empty()) viewing_.erase(list);
    if (!views(conversation, who.staff)) out.push_back({conversation, who, false, typing_kind::reply});
}

std::vector<presence_board::ending> presence_board::leave(socket_key socket) {
    std::vector<ending> out;
    const std::lock_guard lock(mutex_);
    const auto it = places_.find(socket);
    if (it == places_.end()) return out;
    for (const std::int64_t conversation : it->second) leave_locked(socket, conversation, out);
    places_.erase(it);
    return out;
}

std::vector<presence_board::ending> presence_board::leave(socket_key socket, std::int64_t conversation) {
    std::vector<ending> out;
    const std::lock_guard lock(mutex_);
    leave_locked(socket, conversation, out);
    forget_place(socket, conversation);
    return out;
}

bool presence_board::online(std::int64_t staff) const {
    const std::lock_guard lock(mutex_);
    return leases_.contains(staff);
}

std::vector<person> presence_board::viewers(std::int64_t conversation) const {
    std::vector<person> out;
    const std::lock_guard lock(mutex_);
    const auto it = viewing_.find(conversation);
    if (it == viewing_.end()) return out;
    for (const viewer& v : it->second) {
        if (std::any_of(out.begin(), out.end(), [&](const person& p) { return p.staff == v.who.staff; }))
            continue;
        out.push_back({v.who.staff, v.who.name, types(conversation, v.who.staff)});
    }
    return out;
}

} // namespace chat_centre::realtime
