#include <chat_centre/knowledge/import.hpp>

#include "knowledge/article_json.hpp"
#include "knowledge/import.hpp"

#include <chat_centre/base/error.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace chat_centre::knowledge {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t at_once = 50;
constexpr std::uintmax_t largest_file = 64 * 1024 * 1024;

std::string content_of(const fs::path& file) {
    std::error_code failed;
    if (fs::file_size(file, failed) > largest_file || failed)
        throw startup_error(file.string() + " cannot be read, or is larger than 64 MB");
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<wanted_article> read_folder(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& e : fs::recursive_directory_iterator(folder))
        if (e.is_regular_file() && (e.path().extension() == ".md" || e.path().extension() == ".markdown"))
            files.push_back(e.path());
    std::sort(files.begin(), files.end());
    std::vector<wanted_article> out;
    for (const auto& f : files) {
        const auto name = fs::relative(f, folder).generic_string();
        out.push_back({name, 1, read_markdown(name, content_of(f))});
    }
    return out;
}

} // namespace

int import_path(db::connection& c, const fs::path& path, bool overwrite, const clock_source& clock) {
    std::error_code failed;
    std::vector<wanted_article> all;
    if (fs::is_directory(path, failed))
        all = read_folder(path);
    else if (fs::is_regular_file(path, failed))
        all = read_table(content_of(path), 2);
    else
        throw startup_error("there is no folder or file " + path.string());
    if (all.empty()) throw startup_error("there are no articles in " + path.string());
    import_result sum;
    for (std::size_t from = 0; from < all.size(); from += at_once) {
        const auto to = std::min(from + at_once, all.size());
        const std::vector<wanted_article> part(all.begin() + static_cast<std::ptrdiff_t>(from),
                                               all.begin() + static_cast<std::ptrdiff_t>(to));
        import_result done;
        c.transact([&](db::tx& t) {
            done = store_articles(t, part, overwrite, std::nullopt, clock.now());
            if (done.added + done.changed > 0) announce_change(t, 0, clock.now());
        });
        sum.added += done.added;
        sum.changed += done.changed;
        sum.unchanged += done.unchanged;
        for (auto& f : done.failed) sum.failed.push_back(std::move(f));
        std::printf("%zu of %zu\n", to, all.size());
    }
    for (const auto& f : sum.failed)
        for (const auto& why : f.read.wrong)
            std::fprintf(stderr, "%s, line %lld: %s\n", f.name.c_str(), static_cast<long long>(f.line),
                         why.c_str());
    std::printf("%lld added, %lld changed, %lld as they were, %zu not taken\n",
                static_cast<long long>(sum.added), static_cast<long long>(sum.changed),
                static_cast<long long>(sum.unchanged), sum.failed.size());
    return static_cast<int>(std::min<std::size_t>(sum.failed.size(), 1000));
}

} // namespace chat_centre::knowledge
