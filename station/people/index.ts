// The door of people: who they are and their PINs.
export { PeopleService } from './people-service.ts'
