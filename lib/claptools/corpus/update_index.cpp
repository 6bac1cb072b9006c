#include "claptools/corpus/update_index.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <mutex>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/index/rows/edit_index.hpp"
#include "claptools/pipeline/content/content_digest.hpp"

namespace claptools {
namespace {

using enum UpdateAction;

/// Whether rows of the file are made anew.
bool is_fresh(const PlannedFile& file) { return file.action == add || file.action == change; }

/// What is said of an input, if anything is.
const std::vector<std::string>* said_of(const Corpus& corpus, std::size_t found) {
  const std::vector<std::string>& meta = corpus.inputs[found].meta;
  return std::ranges::all_of(meta, &std::string::empty) ? nullptr : &meta;
}

/// The place of each column of the corpus among those of the rows, which get those that are new.
std::vector<std::size_t> place_columns(const Corpus& corpus, IndexRows& rows) {
  std::vector<std::size_t> places;
  auto& names = rows.header.meta_columns;
  for (const std::string& column : corpus.columns) {
    const auto at = std::ranges::find(names, column);
    places.push_back(static_cast<std::size_t>(at - names.begin()));
    if (at != names.end()) continue;
    names.push_back(column);
    rows.meta.emplace_back(rows.segments.size());
  }
  return places;
}

bool says_the_same(const Corpus& corpus, const PlannedFile& file, const IndexRows& rows) {
  const auto* const said = said_of(corpus, *file.found);
  const std::size_t row = corpus.rows[*file.stored].front();
  for (std::size_t c = 0; said != nullptr && c < said->size(); ++c) {
    const auto& names = rows.header.meta_columns;
    const auto at =
        static_cast<std::size_t>(std::ranges::find(names, corpus.columns[c]) - names.begin());
    const std::string stored = at < names.size() ? rows.meta[at][row] : "";
    if (stored != (*said)[c]) return false;
  }
  return true;
}

/// Digests of recordings that were found, each read once.
class Digests {
 public:
  Digests(const Corpus& corpus, const ContentsRead& seen)
      : corpus_(corpus), seen_(seen), values_(corpus.found.size()) {}

  void read(const std::vector<std::size_t>& found, int threads) {
    parallel_for(found.size(), threads, [&](std::size_t i) { of(found[i]); });
  }

  /// May be called by several threads for different files.
  const std::string& of(std::size_t found) {
    auto& value = values_[found];
    if (value) return *value;
    value = content_sha256(corpus_.inputs[found].audio);
    const std::lock_guard lock(mutex_);
    ++count_;
    if (seen_) seen_(count_);
    return *value;
  }

 private:
  const Corpus& corpus_;
  const ContentsRead& seen_;
  std::mutex mutex_;
  std::size_t count_ = 0;
  std::vector<std::optional<std::string>> values_;
};

/// Recordings whose contents are surely compared.
std::vector<std::size_t> changed_stamps(const Corpus& corpus, const UpdateRules& rules) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < corpus.found.size(); ++i) {
    if (!corpus.found[i].stored) continue;
    const FileRecord& record = corpus.stored[*corpus.found[i].stored].record;
    const FileStamp& now = corpus.found[i].stamp;
    const bool same_time = record.mtime_ns == now.mtime_ns && !rules.checksum;
    if (!record.sha256.empty() && record.size == now.size && !same_time) found.push_back(i);
  }
  return found;
}

/// Rows of an index that is updated, in their new order.
class Assembly {
 public:
  Assembly(IndexDirectory& directory, const Corpus& corpus, const std::vector<PlannedFile>& plan,
           const PendingRows& pending, const UpdateEvents& events)
      : directory_(directory), corpus_(corpus), plan_(plan), pending_(pending), events_(events) {}

  void run() {
    columns_ = place_columns(corpus_, directory_.rows);
    records_ = records();
    failures_ = failures();
    arrange();
    select_old();
    add_fresh();
    interleave();
    directory_.rows.files = std::move(records_);
    directory_.rows.failures = std::move(failures_);
  }

 private:
  /// Consecutive rows of one file in the new index.
  struct Piece {
    const PlannedFile* file = nullptr;  ///< null: out of scope
    std::vector<std::size_t> rows;      ///< of the old index; none: fresh
  };

  const std::string& id_of(const PlannedFile& file) const { return corpus_.found[*file.found].id; }

  /// Null for one that failed.
  const PendingFile* embedded(const PlannedFile& file) const {
    if (!is_fresh(file)) return nullptr;
    const PendingFile* const made = pending_.find(id_of(file));
    return made != nullptr && made->rows > 0 ? made : nullptr;
  }

  bool stays(std::size_t stored) const { return !corpus_.stored[stored].in_scope; }

  std::vector<FileRecord> records() const {
    std::vector<FileRecord> records;
    const auto keep = [&](const FileRecord& record) {
      if (record.size >= 0 || !record.sha256.empty()) records.push_back(record);
    };
    for (std::size_t i = 0; i < corpus_.stored.size(); ++i)
      if (stays(i)) keep(corpus_.stored[i].record);
    for (const PlannedFile& file : plan_) {
      if (!file.found) continue;
      if (const PendingFile* const made = embedded(file))
        records.push_back({id_of(file), made->stamp.size, made->stamp.mtime_ns, made->sha256});
      else if (is_fresh(file) || file.action == skip || file.action == UpdateAction::keep)
        file.stored ? keep(corpus_.stored[*file.stored].record) : void();
      else
        records.push_back(record_of(file));
    }
    return records;
  }

  /// Of a file whose content has rows already.
  FileRecord record_of(const PlannedFile& file) const {
    const FoundFile& found = corpus_.found[*file.found];
    return {found.id, found.stamp.size, found.stamp.mtime_ns, file.sha256};
  }

  std::vector<FailedFile> failures() const {
    std::vector<FailedFile> failures;
    std::unordered_set<std::string_view> settled;
    for (const PlannedFile& file : plan_) {
      if (!file.found || file.action == skip) continue;
      settled.insert(id_of(file));
      const PendingFile* const made = is_fresh(file) ? pending_.find(id_of(file)) : nullptr;
      if (made != nullptr && made->rows == 0)
        failures.push_back({id_of(file), made->failure.stage, made->failure.message,
                            made->stamp.size, made->stamp.mtime_ns});
    }
    std::error_code code;
    for (const FailedFile& failure : directory_.rows.failures)
      if (!settled.contains(failure.id) && std::filesystem::exists(failure.id, code))
        failures.push_back(failure);
    return failures;
  }

  void arrange() {
    Piece others;
    for (std::size_t i = 0; i < corpus_.stored.size(); ++i)
      if (stays(i))
        others.rows.insert(others.rows.end(), corpus_.rows[i].begin(), corpus_.rows[i].end());
    std::ranges::sort(others.rows);
    if (!others.rows.empty()) pieces_.push_back(std::move(others));
    for (const PlannedFile& file : plan_) {
      if (!file.found) continue;
      if (embedded(file))
        pieces_.push_back({&file, {}});
      else if (file.stored && file.action != add)
        pieces_.push_back({&file, corpus_.rows[*file.stored]});
    }
    if (directory_.index->can_move_vectors()) return;
    std::ranges::stable_sort(pieces_, {}, [](const Piece& piece) {
      return piece.rows.empty() ? std::numeric_limits<std::size_t>::max() : piece.rows.front();
    });
  }

  void select_old() {
    std::vector<std::size_t> rows;
    for (const Piece& piece : pieces_)
      rows.insert(rows.end(), piece.rows.begin(), piece.rows.end());
    const bool rebuilds = !directory_.index->can_move_vectors() &&
                          !are_all_rows(rows, directory_.rows.segments.size());
    if (rebuilds && events_.rebuilds) events_.rebuilds(rows.size());
    select_rows(directory_, rows);
    std::size_t row = 0;
    for (const Piece& piece : pieces_) {
      for (std::size_t i = 0; i < piece.rows.size(); ++i, ++row)
        if (piece.file != nullptr) describe(row, *piece.file);
    }
  }

  /// Sets what is said of a row.
  void describe(std::size_t row, const PlannedFile& file) {
    directory_.rows.segments[row].id = id_of(file);
    const auto* const said = said_of(corpus_, *file.found);
    for (std::size_t c = 0; said != nullptr && c < said->size(); ++c)
      directory_.rows.meta[columns_[c]][row] = (*said)[c];
  }

  void add_fresh() {
    std::unordered_map<std::string_view, const PlannedFile*> fresh;
    for (const Piece& piece : pieces_)
      if (piece.rows.empty()) fresh.emplace(id_of(*piece.file), piece.file);
    IndexRows& rows = directory_.rows;
    std::size_t files = 0;
    pending_.visit([&](const std::string& id) { return fresh.contains(id); },
                   [&](const EmbeddingRows& made) {
                     const PlannedFile& file = *fresh.at(made.segments.front().id);
                     first_[&file] = rows.segments.size();
                     directory_.index->add(made.embeddings);
                     rows.segments.insert(rows.segments.end(), made.segments.begin(),
                                          made.segments.end());
                     for (auto& column : rows.meta) column.resize(rows.segments.size());
                     for (std::size_t row = first_[&file]; row < rows.segments.size(); ++row)
                       describe(row, file);
                     if (events_.added) events_.added(++files);
                   });
  }

  /// From the old rows and then the fresh ones to the order of the pieces.
  void interleave() {
    if (!directory_.index->can_move_vectors()) return;
    std::vector<std::size_t> order;
    std::size_t next_old = 0;
    for (const Piece& piece : pieces_) {
      const bool is_old = !piece.rows.empty();
      const std::size_t count = is_old ? piece.rows.size() : embedded(*piece.file)->rows;
      const std::size_t first =
          is_old ? std::exchange(next_old, next_old + count) : first_.at(piece.file);
      for (std::size_t i = 0; i < count; ++i) order.push_back(first + i);
    }
    select_rows(directory_, order);
  }

  IndexDirectory& directory_;
  const Corpus& corpus_;
  const std::vector<PlannedFile>& plan_;
  const PendingRows& pending_;
  const UpdateEvents& events_;
  std::vector<std::size_t> columns_;
  std::vector<FileRecord> records_;
  std::vector<FailedFile> failures_;
  std::vector<Piece> pieces_;
  std::unordered_map<const PlannedFile*, std::size_t> first_;  ///< fresh rows
};

}  // namespace

std::vector<PlannedFile> plan_update(const Corpus& corpus, const IndexRows& rows,
                                     const UpdateRules& rules, int threads,
                                     const ContentsRead& seen) {
  Digests digests(corpus, seen);
  digests.read(changed_stamps(corpus, rules), threads);
  std::vector<PlannedFile> plan = plan_update(corpus.stored, rows.failures, corpus.found, rules,
                                              [&](std::size_t found) { return digests.of(found); });
  std::vector<std::size_t> unread;
  for (PlannedFile& file : plan) {
    if (file.action == keep && !says_the_same(corpus, file, rows)) file.action = refresh;
    if (file.action == refresh && file.sha256.empty()) unread.push_back(*file.found);
  }
  digests.read(unread, threads);
  for (PlannedFile& file : plan)
    if (file.action == refresh && file.sha256.empty()) file.sha256 = digests.of(*file.found);
  return plan;
}

bool changes_index(const std::vector<PlannedFile>& plan) {
  return !std::ranges::all_of(
      plan, [](const PlannedFile& file) { return file.action == keep || file.action == skip; });
}

std::vector<AudioInput> inputs_to_embed(const Corpus& corpus, const std::vector<PlannedFile>& plan,
                                        const PendingRows& pending) {
  std::vector<AudioInput> inputs;
  for (const PlannedFile& file : plan) {
    if (!is_fresh(file)) continue;
    const FoundFile& found = corpus.found[*file.found];
    if (pending.find(found.id, found.stamp) != nullptr) continue;
    inputs.push_back(corpus.inputs[*file.found]);
    inputs.back().id = found.id;
  }
  return inputs;
}

UpdateCounts count_update(const Corpus& corpus, const std::vector<PlannedFile>& plan,
                          const PendingRows& pending) {
  UpdateCounts counts;
  counts.failed = corpus.broken.size();
  for (const PlannedFile& file : plan) {
    const PendingFile* const made =
        is_fresh(file) ? pending.find(corpus.found[*file.found].id) : nullptr;
    switch (made != nullptr && made->rows == 0 ? skip : file.action) {
      case keep:
        ++counts.kept;
        break;
      case refresh:
        ++counts.refreshed;
        break;
      case change:
        ++counts.changed;
        break;
      case add:
        ++counts.added;
        break;
      case move:
        ++counts.moved;
        break;
      case copy:
        ++counts.copied;
        break;
      case skip:
        ++counts.failed;
        break;
      case remove:
        ++counts.removed;
        break;
    }
  }
  return counts;
}

void apply_update(IndexDirectory& directory, const Corpus& corpus,
                  const std::vector<PlannedFile>& plan, const PendingRows& pending,
                  const UpdateEvents& events) {
  Assembly(directory, corpus, plan, pending, events).run();
}

IndexDirectory start_index(const EmbeddingHeader& header, const BuildOptions& options,
                           const PendingRows& pending) {
  const auto visit = [&](const std::function<void(const EmbeddingRows&)>& rows) {
    pending.visit([](const std::string&) { return true; }, rows);
  };
  std::size_t total = 0;
  visit([&](const EmbeddingRows& rows) { total += rows.segments.size(); });
  IndexDirectory directory;
  directory.rows.header = header;
  directory.index = empty_index(options, header);
  if (directory.index->is_trained()) return directory;
  if (total == 0) throw Error(Fault::data, "input", "holds no rows");
  RowSample sample(total, header.dim, options.train_rows);
  visit([&](const EmbeddingRows& rows) { sample.add(rows.embeddings); });
  directory.index->train(sample.rows());
  return directory;
}

}  // namespace claptools
