#include "db/run_transaction.hpp"

#include "db/result.hpp"
#include "db/session.hpp"

#include <chat_centre/db/connection.hpp>
#include <chat_centre/db/tx.hpp>

#include <spdlog/spdlog.h>

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace chat_centre::db {

void array::comma() {
    if (text_.size() > 1) text_.push_back(',');
}

array& array::add(std::string_view element) {
    comma();
    text_.push_back('"');
    // Runs between characters to escape are copied whole: the append lane passes hundreds of kilobytes.
    std::size_t from = 0;
    for (std::size_t at = element.find_first_of("\"\\"); at != std::string_view::npos;
         at = element.find_first_of("\"\\", at + 1)) {
        text_.append(element, from, at - from).push_back('\\');
        from = at;
    }
    text_.append(element, from).push_back('"');
    return *this;
}

array& array::add(std::int64_t element) {
    comma();
    text_.append(std::to_string(element));
    return *this;
}

array& array::add_null() {
    comma();
    text_.append("NULL");
    return *this;
}

rows::rows(std::shared_ptr<const result_data> data) : data_(std::move(data)), size_(data_->rows) {}

namespace {

std::string_view field(const result_data& data, int row, int column) {
    if (row < 0 || row >= data.rows || column < 0 || column >= data.columns) {
        throw std::out_of_range("no column " + std::to_string(column) + " in row " + std::to_string(row));
    }
    return data.fields[static_cast<std::size_t>(row) * static_cast<std::size_t>(data.columns) +
                       static_cast<std::size_t>(column)];
}

} // namespace

bool row::is_null(int column) const { return field(*data_, index_, column).data() == nullptr; }
std::string_view row::text(int column) const { return field(*data_, index_, column); }

namespace {

class session_tx final : public tx {
public:
    explicit session_tx(session& s) : session_(s) {}

    rows run(const query& q, const params& p) override {
        try {
            rows r = session_.run(q, p);
            refused_.reset();
            return r;
        } catch (const failure& f) {
            refused_ = f;
            throw;
        }
    }
    std::int64_t affected() const override { return session_.affected(); }
    void script(const std::string& sql) override {
        try {
            session_.script(sql);
            refused_.reset();
        } catch (const failure& f) {
            refused_ = f;
            throw;
        }
    }

    // COMMIT of a transaction in which a statement failed rolls back and reports success. Work that swallowed the
    // failure must not be taken for stored.
    void require_healthy() const {
        if (refused_) throw *refused_;
    }

    void committed() noexcept {
        for (auto& action : after_commit_) {
            try {
                action();
            } catch (const std::exception& e) {
                spdlog::error("an action after COMMIT failed: {}", e.what());
            }
        }
    }

private:
    session& session_;
    std::optional<failure> refused_; // by the last statement: any success shows the transaction is alive again,
                                     // as after ROLLBACK TO SAVEPOINT
};

class own_connection final : public connection {
public:
    explicit own_connection(const settings& s) : session_(s) { session_.open(); }

    void transact(const std::function<void(tx&)>& work) override { run_transaction(session_, work); }
    void autocommit(const std::function<void(tx&)>& work) override {
        if (!session_.is_open()) session_.open();
        session_tx t(session_);
        try {
            work(t);
        } catch (const failure& f) {
            if (f.sqlstate() == "0A000") session_.close(); // as in run_transaction
            throw;
        }
        t.committed();
    }
    void listen(const std::string& channel) override { session_.listen(channel); }
    bool wait_notification(std::chrono::milliseconds limit) override {
        if (!session_.is_open()) {
            session_.open();
            return true;
        }
        return session_.wait_notification(limit);
    }
    std::string notification() const override { return session_.notification(); }

private:
    session session_;
};

} // namespace

void run_transaction(session& s, const std::function<void(tx&)>& work) {
    s.begin();
    session_tx t(s);
    try {
        work(t);
        t.require_healthy();
        s.commit();
    } catch (const failure& f) {
        s.rollback();
        // "cached plan must not change result type": another process migrated the schema. Prepare anew.
        if (f.sqlstate() == "0A000") s.close();
        throw;
    } catch (...) {
        s.rollback();
        throw;
    }
    t.committed();
}

std::unique_ptr<connection> connect(const settings& s) { return std::make_unique<own_connection>(s); }

} // namespace chat_centre::db
