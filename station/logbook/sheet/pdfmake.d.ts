// pdfmake 0.3 has no types of its own; what is used of it.
declare module 'pdfmake' {
  interface Made {
    getBuffer(): Promise<Buffer>
  }
  interface PdfMake {
    setFonts(fonts: Record<string, { normal: string; bold: string; italics: string; bolditalics: string }>): void
    /** May this address be fetched? Nothing of a day sheet comes from one. */
    setUrlAccessPolicy(allow: (url: string) => boolean): void
    setLocalAccessPolicy(allow: (path: string) => boolean): void
    createPdf(definition: object): Made
  }
  const pdfmake: PdfMake
  export default pdfmake
}
