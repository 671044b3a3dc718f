#include <chat_centre/assistant/breaker.hpp>

#include <algorithm>

namespace chat_centre::assistant {

std::optional<breaker::pass> breaker::enter(moment now) {
    if (state_ == state::open && now >= until_) state_ = state::half_open;
    if (state_ == state::open || (state_ == state::half_open && trying_)) return std::nullopt;
    if (state_ == state::half_open) trying_ = true;
    return pass{period_};
}

void breaker::leave(pass p, outcome o, moment now) {
    if (p.period != period_) return;
    if (state_ == state::half_open) {
        trying_ = false;
        if (o == outcome::failure) {
            pause_ = std::min(pause_ * 2, settings_.longest_pause);
            open(now);
        } else if (o == outcome::success) {
            state_ = state::closed;
            pause_ = settings_.pause;
            ++period_;
        }
        return;
    }
    if (o != outcome::failure) return;
    failed_.push_back(now);
    while (now - failed_.front() > settings_.window) failed_.pop_front();
    if (failed_.size() >= static_cast<std::size_t>(std::max(settings_.failures, 1))) open(now);
}

breaker::state breaker::now(moment at) const {
    return state_ == state::open && at >= until_ ? state::half_open : state_;
}

void breaker::open(moment at) {
    state_ = state::open;
    until_ = at + pause_;
    failed_.clear();
    ++period_;
}

std::string_view to_string(breaker::state s) {
    switch (s) {
    case breaker::state::closed: return "closed";
    case breaker::state::open: return "open";
    case breaker::state::half_open: return "half_open";
    }
    return "";
}

} // namespace chat_centre::assistant
