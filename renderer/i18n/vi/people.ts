// People of the station, their roles and PINs.
export const people = {
  view: 'Phần cài đặt',
  viewScreen: 'Màn hình, phím',
  viewPeople: 'Người, mã PIN',
  title: 'Người của đài',
  none: 'Chưa có ai. Người giữ máy thêm quản trị đầu tiên bằng khóa trong thư mục dữ liệu (tài liệu vận hành, mục “People and PINs”).',
  airNeedsNone: 'Phát sóng, micro, tin khẩn cấp và NGẮT TIẾNG không bao giờ hỏi PIN.',
  signedIn: 'Đăng nhập ở cửa sổ này',
  administratorOnly: 'Chỉ quản trị thêm người, đổi vai trò, cấp lại PIN và cho nghỉ. Đăng nhập bằng PIN của quản trị để làm.',
  add: 'Thêm người',
  addAndPin: 'Thêm và cấp PIN',
  save: 'Lưu',
  name: 'Họ tên',
  role: 'Vai trò',
  renewPin: 'Cấp PIN mới',
  newPin: 'Mã PIN mới của {{name}}',
  pinOnce: 'Chỉ hiện lần này; máy không giữ lại. Đưa tận tay người đó, không nhắn tin.',
  noted: 'Đã ghi lại',
  retire: 'Cho nghỉ',
  retireMeans: '{{name}} không đăng nhập được nữa, ở mọi cửa sổ, ngay lập tức. Tên và chữ ký trong nhật ký còn nguyên.',
  retireNow: 'Cho {{name}} nghỉ',
  keep: 'Thôi, giữ lại',
}

/** What a role may do besides what everybody may. */
export const roleCan = {
  operator: 'Sửa lịch, thư viện, mục của tỉnh; trả lời giải trình.',
  supervisor: 'Nghe lại, yêu cầu giải trình, ký ngày.',
  technician: 'Đặt công suất, điều khiển tay máy phát và bàn trộn.',
  administrator: 'Quản lý người và PIN; làm được việc của người trực và kỹ thuật, không ký ngày.',
}
