#pragma once
// A copy in memory of something in the database, read anew after each change. Two readers may finish in another order
// than they began: what was read at an older head of the event log never takes the place of what was read at a newer one.

#include <cstdint>
#include <memory>
#include <mutex>

namespace chat_centre {

// Thread-safe.
template <class T>
class newest {
public:
    // Never null.
    std::shared_ptr<const T> get() const {
        const std::lock_guard lock(mutex_);
        return value_;
    }

    // head: event::head(), read before the value in the same transaction. Whoever changes the value appends its event
    // first: of two readers at the same head, both may have it, and the later change comes with a later head.
    void put(std::int64_t head, std::shared_ptr<const T> value) {
        const std::lock_guard lock(mutex_);
        if (head < head_) return;
        head_ = head;
        value_ = std::move(value);
    }

private:
    mutable std::mutex mutex_;
    std::int64_t head_ = -1;
    std::shared_ptr<const T> value_ = std::make_shared<const T>();
};

} // namespace chat_centre
