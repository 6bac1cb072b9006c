#include "claptools/zero_shot/score_rows.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/join.hpp"
#include "claptools/metrics/lookup.hpp"
#include "claptools/store/digest.hpp"
#include "claptools/store/timestamp.hpp"

namespace claptools {
namespace {

constexpr const char* kItemClass = "phrase";

std::string several_rows() {
  return "has several rows, but a score file has one per recording; use `pooling` codebook or, "
         "with `events`, windows without gaps";
}

std::array<std::uint64_t, 2> digest_of(const std::string& id) {
  Sha256 sha;
  sha.update(std::as_bytes(std::span(id)));
  const std::string hex = sha.hex();
  std::array<std::uint64_t, 2> digest{};
  std::from_chars(hex.data(), hex.data() + 16, digest[0], 16);
  std::from_chars(hex.data() + 16, hex.data() + 32, digest[1], 16);
  return digest;
}

}  // namespace

ScoreRows::ScoreRows(std::string path, bool force, Provenance origin, const LabelSet& set)
    : path_(std::move(path)),
      force_(force),
      is_folder_(names_score_folder(path_)),
      has_items_(set.phrases) {
  if (path_.empty()) return;
  if (has_items_ && !set.phrases->has_items()) {
    throw Error(Fault::data, "`phrases`",
                "a score file needs a third field per line, the item's name");
  }
  static_cast<Provenance&>(header_) = std::move(origin);
  header_.created = utc_timestamp();
  if (has_items_) {
    header_.classes = {kItemClass};
    header_.prompts = {join(set.patterns, "\n")};
  } else {
    header_.classes = set.names;
    for (const auto& prompts : set.prompts) header_.prompts.push_back(join(prompts, "\n"));
  }
}

void ScoreRows::expect(std::span<const std::string> ids) const {
  if (is_folder_ && !has_items_) ScoreFolderWriter::require_names(ids);
}

void ScoreRows::begin(const EmbeddingHeader& header, bool frames, const std::string& subject) {
  if (!wanted()) return;
  // Frame k is k hops after 0 s.
  if (frames && header.options.find("time-zero=container") != std::string::npos) {
    throw Error(
        Fault::usage, "`scores`",
        "with `events` counts frames from the first sample: not with `time_zero` container");
  }
  const double hop_s = frames ? header.frame_hop_s : 0;
  if (is_folder_) {
    header_.hop_s = hop_s;
    return begin_folder(frames);
  }
  if (!writer_) {
    header_.hop_s = hop_s;
    writer_ = std::make_unique<ScoreWriter>(path_, header_, force_);
  } else if (header_.hop_s != hop_s) {
    throw Error(Fault::data, subject, "its frames have another length than those before");
  }
  columns_.clear();
  for (const std::string& name : header.meta_columns) columns_.push_back(writer_->column(name));
}

void ScoreRows::begin_folder(bool frames) {
  if (!frames)
    throw Error(Fault::usage, "`scores`", "can be a folder of tables only with `events`");
  if (!folder_) folder_ = std::make_unique<ScoreFolderWriter>(path_, header_.classes, force_);
}

void ScoreRows::write(const std::string& id, MatrixView scores, std::span<const std::string> meta) {
  folder_ ? folder_->append(id, scores, header_.hop_s) : writer_->append(id, scores, meta);
}

void ScoreRows::add(const std::string& id, const ClipLabels& own, MatrixView scores,
                    std::span<const std::string> meta) {
  if (!wanted()) return;
  if (!has_items_) return add_row(id, scores, meta_row(meta));
  std::size_t file = 0, phrase = 1;
  if (writer_) {
    file = writer_->column("filename");
    phrase = writer_->column("phrase");
  }
  std::vector<std::string> values = meta_row(meta);
  values[file] = id;
  for (std::size_t c = 0; c < scores.cols; ++c) {
    Matrix one(scores.rows, 1);
    for (std::size_t t = 0; t < scores.rows; ++t) one.data[t] = scores.row(t)[c];
    values[phrase] = own.names[c];
    add_item(own.items[c], id, one, values);
  }
}

/// The values of a file's columns among those of all files.
std::vector<std::string> ScoreRows::meta_row(std::span<const std::string> meta) {
  if (!writer_) return std::vector<std::string>(2);
  std::vector<std::string> values(writer_->columns());
  for (std::size_t c = 0; c < columns_.size(); ++c) values[columns_[c]] = meta[c];
  return values;
}

void ScoreRows::add_row(const std::string& id, MatrixView scores,
                        std::span<const std::string> meta) {
  if (!ids_.try_emplace(digest_of(id)).second) {
    throw Error(Fault::data, id, several_rows());
  }
  write(id, scores, meta);
}

/// An item's recording is found by the last part of its path, too, which others may share.
void ScoreRows::add_item(const std::string& item, const std::string& recording, MatrixView scores,
                         std::span<const std::string> meta) {
  const auto [known, is_new] = ids_.try_emplace(digest_of(item), digest_of(recording));
  if (!is_new && known->second != digest_of(recording)) {
    throw Error(Fault::data, recording,
                "is another recording with the name of item " + quote_name(item) +
                    "; name recordings by their whole paths in `phrases`");
  }
  if (!is_new) throw Error(Fault::data, recording, several_rows());
  write(item, scores, meta);
}

void ScoreRows::add_error(const InputError& error, const ClipLabels& own) {
  if (!wanted() || folder_) return;
  if (!has_items_) return writer_->append_error(error);
  for (const std::string& item : own.items) {
    writer_->append_error({item, error.stage, error.message});
  }
}

void ScoreRows::close() {
  if (writer_) writer_->commit();
  if (folder_) folder_->commit();
}

}  // namespace claptools
