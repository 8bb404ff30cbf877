// The templates that ship with every station, in the order of a bulletin (title, what is, what comes, where, what to do, who
// answers; FIELD 2.8). Slots are written {so}; the screen asks for each, and a text with one left open is never rendered.
import type { AlertDraft, AlertTemplate } from '../../../shared/domain/alert.ts'

export const builtInTemplates: readonly AlertTemplate[] = [
  {
    templateId: 'bao-khan-cap',
    name: 'Tin bão khẩn cấp',
    nameEn: 'Storm, urgent',
    title: 'Tin bão khẩn cấp',
    text: `Tin bão khẩn cấp, cơn bão số {số bão}.
Hồi {giờ} ngày {ngày}, vị trí tâm bão ở vào khoảng {vĩ độ} độ vĩ Bắc, {kinh độ} độ kinh Đông, cách {địa điểm} khoảng {khoảng cách} km. Sức gió mạnh nhất vùng gần tâm bão cấp {cấp gió}, giật cấp {cấp giật}. Bão di chuyển theo hướng {hướng}, tốc độ khoảng {tốc độ} km/h.
Dự báo trong {số giờ} giờ tới, {vùng ảnh hưởng} có gió mạnh cấp {cấp gió dự báo}, mưa {lượng mưa} mm. Cấp độ rủi ro thiên tai cấp {cấp rủi ro}.
Đề nghị bà con không ra khỏi nhà khi bão đổ bộ, chằng chống nhà cửa, cắt điện khi nước vào nhà, tránh xa cây to, cột điện, bờ sông suối. Không đi thuyền, không ở lại trên lồng bè.
Cần giúp đỡ, gọi {số điện thoại}.`,
    riskLevel: 3,
    evacuation: false,
    readings: 2,
  },
  {
    templateId: 'lu-quet-sat-lo',
    name: 'Cảnh báo lũ quét, sạt lở đất',
    nameEn: 'Flash flood, landslide',
    title: 'Cảnh báo lũ quét, sạt lở đất',
    text: `Tin cảnh báo lũ quét, sạt lở đất trên địa bàn {địa bàn}.
Trong {số giờ qua} giờ qua, lượng mưa đo được tại {trạm} là {lượng mưa} mm. Trong {số giờ tới} giờ tới, mưa còn tiếp diễn.
Nguy cơ cao xảy ra lũ quét trên các sông suối nhỏ và sạt lở đất trên sườn dốc tại {nơi nguy cơ cao}. Cấp độ rủi ro thiên tai cấp {cấp rủi ro}.
Bà con sống ven suối, dưới chân đồi, chân ta luy khẩn trương đến nơi an toàn theo hướng dẫn của thôn, bản. Không đi qua ngầm, tràn, cầu tạm khi nước chảy xiết. Không vớt củi, không bắt cá trên suối.
Thấy vết nứt trên sườn đồi, nước suối đục đột ngột hoặc nghe tiếng ầm ầm, hãy chạy ngay lên chỗ cao và báo số {số điện thoại}.`,
    riskLevel: 3,
    evacuation: false,
    readings: 2,
  },
  {
    templateId: 'so-tan',
    name: 'Lệnh sơ tán',
    nameEn: 'Evacuation order',
    title: 'Lệnh sơ tán khẩn cấp',
    text: `Lệnh sơ tán khẩn cấp của {người ra lệnh}.
Do {lý do}, yêu cầu toàn bộ bà con tại {khu vực} rời khỏi nhà ngay bây giờ, đến {điểm sơ tán} theo đường {đường đi}.
Tắt điện, khóa bếp, mang theo giấy tờ, thuốc men, nước uống, đèn pin. Giúp người già, trẻ em, người khuyết tật, phụ nữ mang thai đi trước. Không quay lại lấy đồ.
Lực lượng chức năng có mặt tại {điểm đón}. Ai cần giúp đỡ, gọi ngay số {số điện thoại}.`,
    riskLevel: 4,
    evacuation: true,
    readings: 3,
  },
  {
    templateId: 'xa-lu',
    name: 'Thông báo xả lũ hồ chứa',
    nameEn: 'Reservoir release',
    title: 'Thông báo xả lũ hồ chứa',
    text: `Thông báo về việc xả lũ hồ {tên hồ}.
Vào {giờ} ngày {ngày}, {đơn vị} mở cửa xả, lưu lượng khoảng {lưu lượng} m3/s. Mực nước hạ du sẽ lên nhanh trong {số giờ} giờ sau đó, ảnh hưởng đến {khu vực}.
Bà con ven sông {tên sông} đưa người, gia súc, thuyền bè và tài sản lên nơi cao. Tuyệt đối không tắm, không đánh bắt cá, không qua lại trên sông và các ngầm tràn trong thời gian xả lũ.
Mọi thông tin xin liên hệ {số điện thoại}.`,
    riskLevel: 2,
    evacuation: false,
    readings: 2,
  },
  {
    templateId: 'chay-rung',
    name: 'Cảnh báo cháy rừng',
    nameEn: 'Forest fire',
    title: 'Cảnh báo cháy rừng',
    text: `Cảnh báo cháy rừng tại {khu vực}.
Dự báo cháy rừng ngày {ngày} ở cấp {cấp dự báo cháy rừng}. Thời tiết khô hanh, gió mạnh, lửa có thể lan rất nhanh.
Nghiêm cấm đốt nương, đốt cỏ, đốt ong, thắp hương và mọi hành vi dùng lửa trong rừng và ven rừng. Các tổ bảo vệ rừng trực đủ người, đủ phương tiện.
Ai phát hiện khói, lửa, báo ngay cho kiểm lâm, Ủy ban nhân dân xã hoặc gọi 114.`,
    riskLevel: null,
    evacuation: false,
    readings: 2,
  },
  {
    templateId: 'nang-nong',
    name: 'Cảnh báo nắng nóng gay gắt',
    nameEn: 'Heat wave',
    title: 'Cảnh báo nắng nóng gay gắt',
    text: `Tin cảnh báo nắng nóng gay gắt.
Từ ngày {từ ngày} đến ngày {đến ngày}, khu vực {khu vực} có nắng nóng gay gắt, nhiệt độ cao nhất {nhiệt độ} độ C, độ ẩm thấp nhất {độ ẩm}%. Cấp độ rủi ro thiên tai cấp {cấp rủi ro}.
Bà con hạn chế làm việc ngoài trời từ 11h đến 15h, uống đủ nước, che chắn cho người già, trẻ em và gia súc. Sử dụng điện, nước tiết kiệm, đề phòng cháy nổ.
Có người say nắng, đưa vào chỗ mát và gọi cấp cứu 115.`,
    riskLevel: 1,
    evacuation: false,
    readings: 1,
  },
  {
    templateId: 'dinh-chinh',
    name: 'Đính chính',
    nameEn: 'Correction',
    title: 'Đính chính',
    text: `Đính chính thông tin.
Lúc {giờ} ngày {ngày}, đài đã phát thông tin về {nội dung đã phát}. Thông tin đó chưa chính xác.
Thông tin đúng là: {nội dung đúng}.
Đề nghị bà con thực hiện theo thông tin này, bình tĩnh và không chia sẻ thông tin cũ. Đài xin lỗi bà con.`,
    riskLevel: null,
    evacuation: false,
    readings: 2,
  },
  {
    templateId: 'ket-thuc-canh-bao',
    name: 'Kết thúc cảnh báo',
    nameEn: 'All clear',
    title: 'Kết thúc cảnh báo',
    text: `Thông báo kết thúc cảnh báo {nội dung cảnh báo}.
Theo {cơ quan}, tính đến {giờ} ngày {ngày}, tình hình tại {khu vực} đã an toàn. Hết nguy hiểm.
Bà con đi sơ tán được trở về nhà theo hướng dẫn của chính quyền. Kiểm tra nhà cửa, hệ thống điện trước khi sử dụng, dọn vệ sinh môi trường, không ăn uống thức ăn, nước bị ngập bẩn.
Nơi nào còn nguy hiểm, báo ngay số {số điện thoại}.`,
    riskLevel: null,
    evacuation: false,
    readings: 2,
  },
]

/** The generic correction that every station holds ready beside STOP, so that none is ever missing. */
export const builtInCorrection: AlertDraft = {
  mode: 'live',
  templateId: 'dinh-chinh-chung',
  title: 'Đính chính chung',
  source: {
    kind: 'text',
    voice: 'vi',
    text: `Đính chính. Đài vừa phát một thông tin khẩn cấp không chính xác.
Đề nghị bà con bình tĩnh, không làm theo thông tin vừa phát, không sơ tán và không chia sẻ thông tin đó.
Đài sẽ thông báo ngay khi có thông tin chính thức. Đài xin lỗi bà con.`,
  },
  riskLevel: null,
  evacuation: false,
  orderedBy: '',
  issuedAtMs: null,
  expiresAtMs: null,
  readings: 2,
  attentionTone: true,
  outputIds: [],
}
