// The supervisor's words.
export const review = {
  view: 'Cách xem',
  viewRows: 'Các hàng',
  viewReview: 'Đối chiếu',
  viewMonth: 'Tháng',
  filter: 'Lọc sai khác',
  differences: 'Sai khác',
  difference: 'Sai khác',
  recorded: 'Bản thu',
  lanes: 'Kế hoạch, đã phát, bản thu trong ngày; bấm để nghe từ đó',
  none: 'Không có sai khác nào.',
  nextHint: '{{key}}: sai khác tiếp theo',
  airCheck: 'Nghe lại chương trình đã phát',
  play: 'Nghe',
  pause: 'Dừng nghe',
  heardAt: 'Đang nghe lúc',
  clickToHear: 'Bấm vào bất kỳ giây nào trên dòng thời gian để nghe lại từ đó.',
  stillRecording: 'Đoạn này vừa bắt đầu thu; dạng sóng hiện sau ít giây.',
  wave: 'Dạng sóng {{from}}–{{to}}',
  budget: 'Ổ đĩa còn giữ được {{days}} ngày nữa · đã dùng {{used}} GB · giữ {{keep}} ngày',
  playFrom: 'Nghe từ {{time}}',
  span: 'Khoảng',
  by: 'Chênh',
  why: 'Vì sao',
  everyOutput: 'mọi đầu ra',
  ask: 'Yêu cầu giải trình',
  asked: 'yêu cầu giải trình',
  answer: 'Trả lời giải trình',
  answered: 'giải trình',
  note: 'ghi chú',
  addNote: 'Thêm ghi chú',
  waiting: 'Chờ người trực giải trình',
  openQuestions: 'cần giải trình',
  waitingCount: '{{n}} yêu cầu chưa có giải trình',
  dayEnd: 'Kết ngày',
  unsigned: 'chưa ký',
  notOver: 'Ngày chưa kết thúc; ký được sau 24 giờ, khi mục cuối đã phát xong.',
  signedBy: '{{name}} đã ký',
  sign: 'Ký ngày',
  signIn: 'Đăng nhập',
  signOut: 'Đăng xuất',
  who: 'Người đăng nhập',
  pin: 'Mã PIN',
  until: 'đến {{time}}',
  noPeople: 'Chưa có ai có mã PIN; quản trị thêm người ở đài.',
  month: 'Tháng',
  monthBefore: 'Tháng trước',
  monthAfter: 'Tháng sau',
  monthDays: 'Các ngày có hàng nhật ký',
  goingOn: 'đang diễn ra',
  colAnswer: 'Giải trình',
  stateAsked: 'chờ giải trình',
  stateAnswered: 'đã giải trình',
  unsignedCount: '{{n}} ngày chưa ký',
  rows: '{{n}} hàng',
  differenceCount: '{{n}} sai khác',
  export: 'Xuất {{format}}',
  search: 'Tìm trong toàn bộ nhật ký, không cần dấu',
  hits: 'Kết quả tìm',
  noHits: 'Không thấy.',
}

export const difference = {
  notAired: 'Không phát',
  late: 'Phát muộn',
  cutShort: 'Bị cắt ngắn',
  replaced: 'Bị thay',
  unplanned: 'Ngoài lịch',
  silence: 'Im lặng',
}

export const role = {
  operator: 'người trực',
  supervisor: 'giám sát',
  technician: 'kỹ thuật',
  administrator: 'quản trị',
}

export const gap = {
  stationDown: 'đài không chạy',
  stationStopped: 'đài được tắt',
  audioDied: 'bộ phát tiếng chết',
  recorderFailed: 'không ghi được',
  deviceLost: 'mất card âm thanh',
  removed: 'đã xóa vì hết hạn',
  unknown: 'chưa rõ vì sao',
}

/** What an unplanned thing was. */
export const sentKind = { item: 'mục ngoài lịch', alert: 'tin khẩn cấp', live: 'micro trực tiếp', hotkey: 'phím nóng', stop: 'ngắt tiếng' }

/** Why nothing was heard. */
export const silence = { measured: 'đo được im lặng', stationDown: 'đài không chạy', stop: 'có người ngắt tiếng' }

/** Why an item ended before its length. */
export const cutBy = {
  nextTaken: 'chuyển mục',
  hardStart: 'mục đúng giờ cắt',
  cleared: 'bỏ khỏi lịch',
  stopped: 'dừng',
  skipped: 'bỏ qua',
  failed: 'lỗi tệp hoặc luồng',
  interrupted: 'đài gián đoạn',
}
