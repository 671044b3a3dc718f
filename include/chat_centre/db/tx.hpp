#pragma once
// One transaction on one connection: five verbs over prepared statements. Used on database threads only.
// Failures arrive as db::failure (constraint and SQLSTATE kept) or, mapped by the caller, as chat_centre::error.
// libpqxx stays behind this interface: src/db/session.cpp alone includes it, so its two generations (6 and 7) meet
// there.

#include <chat_centre/base/clock.hpp>
#include <chat_centre/db/query.hpp>

#include <charconv>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace chat_centre::db {

// A statement failed on the server. sqlstate() and constraint() decide; the text (query name and the server's first
// line, without the row that failed) is for the log.
class failure : public std::runtime_error {
public:
    failure(std::string sqlstate, std::string constraint, const std::string& text)
        : std::runtime_error(text), sqlstate_(std::move(sqlstate)), constraint_(std::move(constraint)) {}
    const std::string& sqlstate() const noexcept { return sqlstate_; }
    const std::string& constraint() const noexcept { return constraint_; }
    bool unique_violation() const noexcept { return sqlstate_ == "23505"; }
    bool retryable() const noexcept { return sqlstate_ == "40001" || sqlstate_ == "40P01"; }

private:
    std::string sqlstate_;
    std::string constraint_;
};

// The connection broke or cannot be made. The work may or may not have happened if it broke in COMMIT.
class connection_lost : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A PostgreSQL array literal built for a $n::type[] parameter (libpqxx 6 has no array parameters).
class array {
public:
    array() { text_.push_back('{'); }
    array& add(std::string_view element); // quoted and escaped
    array& add(std::int64_t element);
    array& add(time_point element) { return add(std::string_view{to_postgres(element)}); }
    array& add_null();
    template <class T>
    array& add(const std::optional<T>& element) {
        return element ? add(*element) : add_null();
    }
    std::string text() const& { return text_ + '}'; }
    std::string text() && {
        text_.push_back('}');
        return std::move(text_);
    }
    bool empty() const { return text_.size() == 1; }
    void reserve(std::size_t bytes) { text_.reserve(bytes); }

private:
    void comma();
    std::string text_;
};

template <class T>
array array_of(const std::vector<T>& elements) {
    array a;
    for (const auto& e : elements) a.add(e);
    return a;
}

// A parameter list; text format, nullopt is NULL. Text must not contain NUL bytes (checked before queueing).
class params {
public:
    template <class... A>
        requires(!(std::is_same_v<std::remove_cvref_t<A>, params> || ...))
    explicit params(A&&... values) {
        values_.reserve(sizeof...(values));
        (put(std::forward<A>(values)), ...);
    }
    const std::vector<std::optional<std::string>>& values() const { return values_; }

private:
    void put(std::string_view v) { values_.emplace_back(std::string(v)); }
    void put(const std::string& v) { values_.emplace_back(v); }
    void put(std::string&& v) { values_.emplace_back(std::move(v)); }
    void put(const char* v) { values_.emplace_back(std::string(v)); }
    void put(bool v) { values_.emplace_back(v ? "true" : "false"); }
    void put(time_point v) { values_.emplace_back(to_postgres(v)); }
    void put(const array& v) { values_.emplace_back(v.text()); }
    void put(array&& v) { values_.emplace_back(std::move(v).text()); }
    void put(std::nullopt_t) { values_.emplace_back(std::nullopt); }
    template <class T>
        requires(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>)
    void put(T v) {
        char digits[64]; // to_chars: shortest text that reads back as the same number, in any locale
        const auto end = std::to_chars(digits, digits + sizeof digits, v).ptr;
        values_.emplace_back(std::string(digits, end));
    }
    template <class T>
    void put(const std::optional<T>& v) {
        if (v)
            put(*v);
        else
            values_.emplace_back(std::nullopt);
    }
    std::vector<std::optional<std::string>> values_;
};

struct result_data; // owns the libpqxx result

// One row of a result. Cheap to copy; keeps the result alive. Columns count from 0.
class row {
public:
    row(std::shared_ptr<const result_data> data, int index) : data_(std::move(data)), index_(index) {}
    bool is_null(int column) const;
    std::string_view text(int column) const; // valid while any row of the result lives; "" for NULL

    // get<T>: T is std::string, std::string_view, bool, an integer, double, time_point, or std::optional of these.
    // Throws std::out_of_range for NULL when T is not optional, and for text that is not (or does not fit) a T.
    template <class T>
    T get(int column) const {
        if constexpr (is_optional<T>::value) {
            if (is_null(column)) return std::nullopt;
            return get<typename T::value_type>(column);
        } else {
            if (is_null(column)) throw std::out_of_range("NULL in column " + std::to_string(column));
            const std::string_view t = text(column);
            if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>) {
                return T(t);
            } else if constexpr (std::is_same_v<T, bool>) {
                return t == "t";
            } else if constexpr (std::is_same_v<T, time_point>) {
                return from_postgres(t);
            } else {
                T value{};
                const auto read = std::from_chars(t.data(), t.data() + t.size(), value);
                if (read.ec != std::errc{} || read.ptr != t.data() + t.size()) {
                    throw std::out_of_range("column " + std::to_string(column) +
                                            " does not hold such a number");
                }
                return value;
            }
        }
    }

private:
    template <class T>
    struct is_optional : std::false_type {};
    template <class T>
    struct is_optional<std::optional<T>> : std::true_type {};

    std::shared_ptr<const result_data> data_;
    int index_;
};

class rows {
public:
    explicit rows(std::shared_ptr<const result_data> data);
    int size() const { return size_; }
    bool empty() const { return size_ == 0; }
    row operator[](int i) const { return row{data_, i}; }

    class iterator {
    public:
        iterator(const rows& r, int i) : rows_(&r), i_(i) {}
        row operator*() const { return (*rows_)[i_]; }
        iterator& operator++() {
            ++i_;
            return *this;
        }
        bool operator!=(const iterator& o) const { return i_ != o.i_; }

    private:
        const rows* rows_;
        int i_;
    };
    iterator begin() const { return {*this, 0}; }
    iterator end() const { return {*this, size_}; }

private:
    std::shared_ptr<const result_data> data_;
    int size_;
};

class tx {
public:
    virtual ~tx() = default;

    // Runs a statement (prepared on first use per connection) and returns all rows.
    virtual rows run(const query& q, const params& p) = 0;
    // Rows affected by the last run().
    virtual std::int64_t affected() const = 0;
    // Runs SQL text without parameters (migrations, LOCK, NOTIFY).
    virtual void script(const std::string& sql) = 0;

    template <class... A>
    rows many(const query& q, A&&... args) {
        return run(q, params(std::forward<A>(args)...));
    }
    template <class... A>
    std::optional<row> maybe(const query& q, A&&... args) {
        const rows r = many(q, std::forward<A>(args)...);
        if (r.empty()) return std::nullopt;
        return r[0];
    }
    template <class... A>
    row one(const query& q, A&&... args) {
        auto r = maybe(q, std::forward<A>(args)...);
        if (!r) throw std::out_of_range(std::string(q.name) + " found no row");
        return *r;
    }
    template <class T, class... A>
    T scalar(const query& q, A&&... args) {
        return one(q, std::forward<A>(args)...).template get<T>(0);
    }
    template <class... A>
    std::int64_t exec(const query& q, A&&... args) {
        run(q, params(std::forward<A>(args)...));
        return affected();
    }

    // Called once after COMMIT succeeded, on the database thread, in order of registration. Must not throw.
    void after_commit(std::function<void()> action) { after_commit_.push_back(std::move(action)); }

protected:
    std::vector<std::function<void()>> after_commit_;
};

} // namespace chat_centre::db
