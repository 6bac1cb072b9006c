#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "claptools/core/matrix.hpp"

namespace claptools {

// One HTML page of hits to look at and listen to, which needs nothing else and fetches nothing but
// the recordings that it links to. Made in pieces, so that memory does not grow with the page. All
// texts may hold anything.

/// Names and values.
using PageRows = std::vector<std::pair<std::string, std::string>>;

/// How a hit is heard.
struct PageSound {
  std::string url;     ///< of a recording, percent-encoded, or a data: URI; empty: no player
  double clock_s = 0;  ///< what a player of it shows at 0 s of the hit's times
  double from_s = 0;   ///< in the hit's times, where it begins and where it ends
  double until_s = 0;
  bool is_cut = false;  ///< the URL holds this stretch alone
};

/// Levels in and around a hit.
struct PageStrip {
  Matrix levels;       ///< [columns, bands], dB; empty: no picture
  double start_s = 0;  ///< in the hit's times
  double end_s = 0;
};

struct PageHit {
  std::size_t rank = 1;
  std::string score;  ///< as it is printed
  double value = 0;   ///< of the score: the bar is full at 1 and empty at 0
  std::string id;
  double start_s = 0, end_s = 0;  ///< both 0: no times, as of a text
  PageRows meta;                  ///< those without a value are left out
  std::string path;               ///< what the button copies, byte for byte; empty: no button
  PageSound sound;
  PageStrip strip;
  std::string note;  ///< why something is not there; may be empty
};

/// @param facts what the page says of itself.
std::string hit_page_begin(std::string_view title, const PageRows& facts);

/// What stands before and after a query's hits. @param number of the query, from 1.
/// @param hits how many.
std::string hit_page_query(std::size_t number, std::string_view query, std::size_t hits);
std::string hit_page_query_end(std::size_t hits);

std::string hit_page_hit(const PageHit& hit);

std::string hit_page_end();

}  // namespace claptools
