// Who may do what, as data: one entry per operation of the contract and per door beside it. An operation without an entry
// does not compile. The station enforces it; screens may hide by it, which protects nothing.
//
// Everybody in the room may see, silence, speak and warn: STOP, microphones and alerts are never behind a login.
import type { AnyContractProcedure } from '@orpc/contract'
import type { Role } from '../domain/people.ts'
import type { Contract } from './contract.ts'

type Paths<T> = {
  [K in keyof T & string]: T[K] extends AnyContractProcedure ? K : `${K}.${Paths<T[K]>}`
}[keyof T & string]

/** Doors that are no procedures: uploads, files, the description. */
type Door = 'door.sheet' | 'door.recording' | 'door.upload' | 'door.audio' | 'door.description'

export type Operation = Paths<Contract> | Door

/** What a caller with the bearer token of `DIR/token` is: whoever may read that file owns the station's folder. */
export const apiTokenRole: Role = 'administrator'
/** What the control room's window is before, and after, anybody's PIN. */
export const windowRole: Role = 'operator'
/** Who they are in the logbook while nobody has signed in. */
export const apiTokenActor = 'api'
export const windowActor = 'operator'

const everybody: readonly Role[] = ['operator', 'supervisor', 'technician', 'administrator']
const programme: readonly Role[] = ['operator', 'administrator']
const technical: readonly Role[] = ['technician', 'administrator']
const supervisor: readonly Role[] = ['supervisor']
/** What was said in the studio is not for everybody who mends a transmitter. */
const judges: readonly Role[] = ['operator', 'supervisor', 'administrator']
const administrator: readonly Role[] = ['administrator']

export const rights: Readonly<Record<Operation, readonly Role[]>> = {
  'station.info': everybody,
  'station.subscribe': everybody,
  'station.meters': everybody,
  'session.createCode': administrator,
  'session.view': everybody,
  'session.people': everybody,
  'session.signIn': everybody,
  'session.signOut': everybody,
  'people.save': administrator,
  'people.renewPin': administrator,
  'people.remove': administrator,
  'people.firstPins': administrator,
  // The air. A supervisor who signed in at the only window must not have taken the programme away from the operator.
  'onair.outputs': everybody,
  'onair.next': everybody,
  'onair.hold': everybody,
  'onair.release': everybody,
  'onair.resume': everybody,
  'onair.openInput': everybody,
  'onair.closeInput': everybody,
  'onair.stop': everybody,
  'onair.reopen': everybody,
  'onair.hotKey': everybody,
  'onair.stopHotKey': everybody,
  'onair.assignHotKey': programme,
  'alerts.list': everybody,
  'alerts.get': everybody,
  'alerts.compose': everybody,
  'alerts.preview': everybody,
  'alerts.stopPreview': everybody,
  'alerts.previewed': everybody,
  'alerts.arm': everybody,
  'alerts.disarm': everybody,
  'alerts.fire': everybody,
  'alerts.stop': everybody,
  'alerts.cutIn': everybody,
  'alerts.cancel': everybody,
  'schedule.day': everybody,
  'schedule.add': programme,
  'schedule.update': programme,
  'schedule.move': programme,
  'schedule.remove': programme,
  'schedule.undo': programme,
  'schedule.copyDay': programme,
  'library.list': everybody,
  'library.peaks': everybody,
  'library.update': programme,
  'library.remove': programme,
  'library.preview': everybody,
  'library.dismissImport': programme,
  'province.state': everybody,
  'province.pull': everybody,
  'province.place': programme,
  'province.decline': programme,
  'province.resolve': programme,
  // An emergency is never behind a login.
  'province.card': everybody,
  'devices.list': everybody,
  // By hand: at two in the morning the operator may be the only hands there are.
  'devices.setCarrier': ['operator', 'technician', 'administrator'],
  'devices.setPower': technical,
  'devices.setDeskChannel': ['operator', 'technician', 'administrator'],
  'alarms.list': everybody,
  'alarms.acknowledge': everybody,
  'logbook.day': everybody,
  'logbook.verify': everybody,
  'logbook.search': everybody,
  'logbook.review': everybody,
  'logbook.month': everybody,
  'logbook.annotate': everybody,
  'logbook.ask': supervisor,
  'logbook.answer': programme,
  'logbook.sign': supervisor,
  'recordings.day': judges,
  'recordings.peaks': judges,
  'door.recording': judges,
  'door.sheet': judges,
  'door.upload': programme,
  'door.audio': everybody,
  'door.description': everybody,
}

export function mayDo(role: Role, operation: Operation): boolean {
  return rights[operation].includes(role)
}
