export interface EnrollmentRef { readonly id: string }
export interface CourseProgressRow { readonly id: string }
export interface LessonProgressRow { readonly id: string }
export interface ModuleRef { readonly id: string }
export interface LessonRef { readonly id: string }
export interface DashboardRef { readonly id: string }
