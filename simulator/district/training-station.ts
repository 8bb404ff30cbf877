// Who the training station is, for its configuration and for the province that knows it.
export const trainingStation = { id: 'tap-huan', name: 'Đài tập huấn Mù Cang Chải', place: ['Lào Cai', 'Mù Cang Chải'] } as const
