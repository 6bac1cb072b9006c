#include "claptools/corpus/found_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "claptools/archive/braces.hpp"
#include "claptools/archive/tar_reader.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/core/system_reason.hpp"
#include "claptools/index/find_hits.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

bool is_folder(const std::string& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

/// A folder, a shard or a file among the arguments.
struct Root {
  std::string name;        ///< as given
  std::string place;       ///< absolute, with a slash at its end: what the places in it begin with
  bool is_broken = false;  ///< a shard that cannot be listed: what was in it is not known
};

std::vector<Root> roots_of(const std::vector<std::string>& arguments) {
  std::vector<Root> roots;
  const auto add = [&](const std::string& name) {
    std::string place = absolute_path(name);
    if (!place.ends_with('/')) place += '/';
    roots.push_back({name, std::move(place)});
  };
  for (const std::string& argument : arguments) {
    if (argument == "-") continue;
    if (is_folder(argument) || !is_tar_name(argument))
      add(argument);
    else
      std::ranges::for_each(expand_braces(argument), add);
  }
  return roots;
}

/// Of folders without audio, and of nothing else, there is no list.
InputList list_arguments(const std::vector<std::string>& arguments, const InputOptions& options) {
  try {
    return list_inputs(arguments, options);
  } catch (const Error& error) {
    if (error.fault() != Fault::no_input || !std::ranges::all_of(arguments, is_folder)) throw;
  }
  InputList list;
  for (const std::string& folder : arguments) list.add({folder, {folder}, {}});
  return list;
}

InputList list_all(const CorpusInputs& inputs) {
  std::vector<std::string> arguments, lists;
  for (const std::string& argument : inputs.arguments) {
    const bool is_list = is_list_name(argument) && !is_folder(argument);
    (is_list ? lists : arguments).push_back(argument);
  }
  InputList list;
  if (!arguments.empty()) list = list_arguments(arguments, inputs.options);
  if (!inputs.files_from.empty()) lists.push_back(inputs.files_from);
  InputOptions options = inputs.options;
  options.nul_separated = false;
  for (const std::string& name : lists) add_names(name, options, list);
  options.nul_separated = true;
  if (!inputs.files0_from.empty()) add_names(inputs.files0_from, options, list);
  return list;
}

using StoredIds = std::unordered_map<std::string_view, std::size_t>;

/// @return where the ids are, which lie in `rows`.
StoredIds list_stored(const IndexRows& rows, Corpus& corpus) {
  StoredIds places;
  places.reserve(rows.files.size());
  for (std::size_t row = 0; row < rows.segments.size(); ++row) {
    const std::string& id = rows.segments[row].id;
    const auto [at, is_new] = places.try_emplace(id, corpus.stored.size());
    if (is_new) {
      corpus.stored.push_back({{id}});
      corpus.rows.emplace_back();
    }
    corpus.rows[at->second].push_back(row);
  }
  for (const FileRecord& file : rows.files) {
    const auto at = places.find(file.id);
    if (at != places.end()) corpus.stored[at->second].record = file;
  }
  return places;
}

/// The stamp without whether it is readable, which would take as long again.
FileStamp state_of(const AudioSource& source) {
  struct stat status {};
  if (source.streamed) return source.streamed->stamp;
  if (::stat(source.path.c_str(), &status) != 0) return {};
  return {status.st_size, status.st_mtim.tv_sec * std::int64_t{1000000000} + status.st_mtim.tv_nsec,
          false};
}

std::string no_such_file() { return system_reason(ENOENT); }

class Matcher {
 public:
  Matcher(const CorpusInputs& inputs, Corpus& corpus, StoredIds stored)
      : inputs_(inputs),
        corpus_(corpus),
        by_id_(std::move(stored)),
        roots_(roots_of(inputs.arguments)),
        is_found_(corpus.stored.size()),
        is_named_(corpus.stored.size()) {
    for (Root& root : roots_) by_name_.emplace(root.name, &root);
  }

  void take(AudioInput input, const FileStamp& stamp) {
    if (input.is_stream)
      throw Error(Fault::usage, input.id,
                  "is read as a stream, in which nothing can be looked up; unpack it, or index "
                  "what clap-embed makes of it");
    if (!input.broken.empty()) return note_broken(input, input.broken);
    const auto stored = find(input.id);
    if (stored) is_named_[*stored] = true;
    if (stamp.size < 0 || is_empty_folder(input)) return note_missing(input, stored);
    if (stored && is_found_[*stored]) return;
    if (!stored && !places_.insert(absolute_path(input.id)).second) return;
    if (stored) is_found_[*stored] = true;
    corpus_.found.push_back({stored ? corpus_.stored[*stored].record.id : input.id, stamp,
                             input.audio.member.empty(), stored});
    corpus_.inputs.push_back(std::move(input));
  }

  void settle_scope() {
    bool any_gone = false;
    for (std::size_t i = 0; i < corpus_.stored.size(); ++i) {
      corpus_.stored[i].in_scope = is_in_scope(i);
      any_gone = any_gone || (corpus_.stored[i].in_scope && !is_found_[i]);
    }
    if (!any_gone || inputs_.allow_empty) return;
    for (const Root& root : roots_)
      if (!root.is_broken) require_rest(root);
    if (corpus_.found.empty())
      throw Error(Fault::no_input, "input", "none of the recordings is there: " + advice());
  }

 private:
  static std::string advice() {
    return "is it mounted? `allow_empty` takes their rows out of the index";
  }

  std::optional<std::size_t> find(const std::string& id) {
    if (const auto at = by_id_.find(id); at != by_id_.end()) return at->second;
    if (by_id_.empty()) return std::nullopt;
    if (by_place_.empty())
      for (const auto& [stored, place] : by_id_) by_place_.emplace(absolute_path(stored), place);
    const auto at = by_place_.find(absolute_path(id));
    return at == by_place_.end() ? std::nullopt : std::optional(at->second);
  }

  Root* root_of(const AudioInput& input) {
    const auto at = by_name_.find(input.audio.path);
    return at == by_name_.end() ? nullptr : at->second;
  }

  bool is_empty_folder(const AudioInput& input) {
    return root_of(input) != nullptr && is_folder(input.audio.path);
  }

  void note_broken(const AudioInput& input, const std::string& reason) {
    corpus_.broken.push_back({input.id, "list", reason});
    if (Root* const root = root_of(input)) root->is_broken = true;
  }

  /// What the index has rows of is gone; else it is an input that cannot be read.
  void note_missing(const AudioInput& input, const std::optional<std::size_t>& stored) {
    if (stored || (inputs_.allow_empty && is_empty_folder(input))) return;
    corpus_.broken.push_back(
        {input.id, "open",
         is_folder(input.audio.path) ? "no audio files in this folder" : no_such_file()});
  }

  bool is_in_scope(std::size_t stored) const {
    if (inputs_.mirror || is_named_[stored] || is_found_[stored]) return true;
    if (roots_.empty()) return false;
    const std::string place = absolute_path(corpus_.stored[stored].record.id);
    bool within = false;
    for (const Root& root : roots_) {
      if (!place.starts_with(root.place)) continue;
      if (root.is_broken) return false;
      within = true;
    }
    return within;
  }

  /// A folder that the index has rows of, and of which nothing is left, may be one that is not
  /// mounted.
  void require_rest(const Root& root) const {
    std::size_t rows = 0;
    for (std::size_t i = 0; i < corpus_.stored.size(); ++i) {
      if (!corpus_.stored[i].in_scope) continue;
      if (!absolute_path(corpus_.stored[i].record.id).starts_with(root.place)) continue;
      if (is_found_[i]) return;
      ++rows;
    }
    if (rows == 0 || any_new(root)) return;
    throw Error(Fault::no_input, root.name,
                "holds none of the " + std::to_string(rows) +
                    " recordings that the index has of it: " + advice());
  }

  bool any_new(const Root& root) const {
    return std::ranges::any_of(corpus_.found, [&](const FoundFile& file) {
      return !file.stored && absolute_path(file.id).starts_with(root.place);
    });
  }

  const CorpusInputs& inputs_;
  Corpus& corpus_;
  StoredIds by_id_;  ///< of the stored files
  std::vector<Root> roots_;
  std::unordered_map<std::string, Root*> by_name_;
  std::unordered_map<std::string, std::size_t> by_place_;  ///< the same by their places
  std::unordered_set<std::string> places_;                 ///< of those that are new
  std::vector<bool> is_found_, is_named_;                  ///< of the stored files
};

}  // namespace

bool is_list_name(std::string_view path) {
  constexpr std::array<std::string_view, 3> kEndings = {".txt", ".lst", ".list"};
  return std::ranges::any_of(kEndings, [&](auto ending) { return path.ends_with(ending); });
}

Corpus find_corpus(const CorpusInputs& inputs, const IndexRows& rows, int threads) {
  Corpus corpus;
  StoredIds stored = list_stored(rows, corpus);
  InputList list = list_all(inputs);
  corpus.columns = list.columns();
  const PackedInputs listed = list.take();
  constexpr std::size_t kBlock = 1024;
  std::vector<FileStamp> stamps(listed.size());
  parallel_for((listed.size() + kBlock - 1) / kBlock, threads, [&](std::size_t block) {
    const std::size_t end = std::min(listed.size(), (block + 1) * kBlock);
    for (std::size_t i = block * kBlock; i < end; ++i) stamps[i] = state_of(listed.at(i).audio);
  });
  corpus.inputs.reserve(listed.size());
  corpus.found.reserve(listed.size());
  Matcher matcher(inputs, corpus, std::move(stored));
  for (std::size_t i = 0; i < listed.size(); ++i) matcher.take(listed.at(i), stamps[i]);
  matcher.settle_scope();
  return corpus;
}

}  // namespace claptools
