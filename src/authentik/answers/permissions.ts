/** Permissions, as a world lists them, or of what the mock keeps; loaded when asked for. */
import type { World } from '../../store/world.ts'
import type { Permission } from '../resources/permissions.ts'

const ACTIONS = ['add', 'change', 'delete', 'view']

/** What a model is called in words. */
const toWords = (className: string) => className.replace(/([a-z])([A-Z])/g, '$1 $2')

/** Those that a world lists, or four for each thing that the mock keeps. */
export function permissionsIn(world: World): readonly Permission[] {
  const listed = world.aside['rbac_permissions']
  if (Array.isArray(listed)) return listed as Permission[]
  return world.resources.flatMap(({ django: { app, className, verboseName } }, index) =>
    ACTIONS.map((action, place) => ({
      id: ACTIONS.length * index + place + 1,
      name: `Can ${action} ${verboseName ?? toWords(className)}`,
      codename: `${action}_${className.toLowerCase()}`,
      model: className.toLowerCase(),
      app_label: app,
      app_label_verbose: app.replace(/^authentik_/, 'authentik '),
      model_verbose: verboseName ?? toWords(className),
    })),
  )
}
