#include <optional>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/metrics/retrieval/retrieval.hpp"

namespace claptools {
namespace {

/// The protocol has the same number of captions for every audio.
void check_numbers(const Relevance& relevance, std::span<const std::string> audio_ids,
                   std::string_view subject, bool uneven) {
  std::vector<std::size_t> counts(audio_ids.size());
  for (const std::size_t audio : relevance) ++counts[audio];
  for (std::size_t a = 0; a < counts.size(); ++a) {
    if (counts[a] == counts[0] || (uneven && counts[a] > 0)) continue;
    throw Error(Fault::data, subject,
                std::to_string(counts[a]) + " captions of audio '" + audio_ids[a] + "', but " +
                    std::to_string(counts[0]) + " of '" + audio_ids[0] + "'");
  }
}

}  // namespace

Captions match_captions(const Table& table, std::string_view subject, ClipMatcher& audios,
                        std::size_t texts, bool uneven) {
  const std::size_t audio_id = table.require("audio_id", subject);
  const auto caption_index = table.find("caption_index");
  std::vector<bool> is_named(texts);
  std::vector<std::optional<std::size_t>> found(texts);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    const std::string index = caption_index ? row[*caption_index] : std::to_string(i);
    const auto text = parse<std::size_t>(index);
    if (!text || *text >= texts)
      throw Error(Fault::data, subject, "caption " + index + " has no text embedding");
    if (is_named[*text]) throw Error(Fault::data, subject, "caption " + index + " occurs twice");
    is_named[*text] = true;
    found[*text] = audios.find(row[audio_id]);
  }
  audios.settle(subject);
  Captions captions;
  for (std::size_t t = 0; t < texts; ++t) {
    if (!is_named[t])
      throw Error(Fault::data, subject, "caption " + std::to_string(t) + " is missing");
    if (!found[t]) continue;
    captions.audio_of_text.push_back(*found[t]);
    captions.texts.push_back(t);
  }
  check_numbers(captions.audio_of_text, audios.ids(), subject, uneven);
  return captions;
}

}  // namespace claptools
